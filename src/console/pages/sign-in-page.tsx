/** Signing in with the operators' token. It is tried before it is kept. */
import { type FormEvent, type ReactNode, useState } from "react";
import { signIn, useRefusal } from "../session.ts";

const TRIED_AT = "/v1/cluster";

export function SignInPage(): ReactNode {
  const ended = useRefusal();
  const [refusal, setRefusal] = useState("");
  const [isBusy, setBusy] = useState(false);

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
  }

  const said = refusal || ended;
  return (
    <main className="sign-in">
      <h1>Rollcall</h1>
      <p>What happened to every record, and why. For operators.</p>
      <form onSubmit={(event) => void submit(event)}>
        <label>
          Operators' token
          <input name="token" type="password" required autoComplete="off" aria-describedby="token-hint" />
        </label>
        <p id="token-hint" className="hint">
          The value of <code>ROLLCALL_OPS_TOKEN</code>. It is kept for this tab alone, until it is closed.
        </p>
        <label>
          Your name <span className="hint">(optional)</span>
          <input name="operator" maxLength={64} pattern="[ -~]*" autoComplete="nickname" />
        </label>
        <p className="hint">Written beside what you do, in the audit trail.</p>
        {said !== "" && (
          <p className="bad" role="alert">
            {said}
          </p>
        )}
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
