/** Signing in with the operators' token. It is tried before it is kept. */
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { Title } from "../parts/title.tsx";
import { signIn, useRefusal } from "../session.ts";

const TRIED_AT = "/v1/cluster";

export function SignInPage(): ReactNode {
  const ended = useRefusal();
  const [refusal, setRefusal] = useState("");
  const [isBusy, setBusy] = useState(false);
  const tokenField = useRef<HTMLInputElement>(null);
  useEffect(() => tokenField.current?.focus(), []);

  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const token = String(form.get("token") ?? "").trim();
    const operator = String(form.get("operator") ?? "").trim();
    setBusy(true);
    const why = await refusalOf(token);
    setBusy(false);
    setRefusal(why);
    if (why === "") signIn({ token, operator });
    else tokenField.current?.select();
  }

  const said = refusal || ended;
  return (
    <main className="sign-in">
      <Title>Sign in</Title>
      <h1>Rollcall</h1>
      <p>What happened to every record, and why. For operators.</p>
      <form onSubmit={(event) => void submit(event)}>
        <label>
          Operators' token
          <input
            ref={tokenField}
            name="token"
            type="password"
            required
            autoComplete="off"
            aria-describedby="token-refusal token-hint"
            aria-invalid={said !== ""}
          />
        </label>
        <p id="token-refusal" className="bad" role="alert">
          {said}
        </p>
        <p id="token-hint" className="hint">
          The server's <code>ROLLCALL_OPS_TOKEN</code>; <code>npm start</code> prints it as{" "}
          <code>ROLLCALL_TOKEN</code>. It is kept for this tab alone, until it is closed.
        </p>
        <label>
          Your name <span className="hint">(optional)</span>
          <input
            name="operator"
            maxLength={64}
            pattern="[ -~]*"
            autoComplete="nickname"
            aria-describedby="operator-hint"
          />
        </label>
        <p id="operator-hint" className="hint">
          Written beside what you do, in the audit trail.
        </p>
        <button type="submit" disabled={isBusy}>
          {isBusy ? "Signing in …" : "Sign in"}
        </button>
      </form>
    </main>
  );
}

/** Why the server does not take a token; empty when it does. */
async function refusalOf(token: string): Promise<string> {
  try {
    const response = await fetch(TRIED_AT, { headers: { Authorization: `Bearer ${token}` } });
    if (response.ok) return "";
    const { detail } = (await response.json()) as { detail?: string };
    return detail ?? `The server answers ${response.status}.`;
  } catch (error) {
    if (error instanceof TypeError)
      return "This server does not answer, or the token has characters that none has.";
    throw error;
  }
}
