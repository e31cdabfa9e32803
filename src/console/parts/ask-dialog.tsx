/** A button that asks before it writes: what will be written where, and why. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useEffect, useId, useRef, useState } from "react";

const REASON_LENGTH_MAX = 512;

export interface Question {
  /** On the button that asks, without its dots. */
  readonly label: string;
  readonly title: string;
  /** What will be written, in sentences. */
  readonly children: ReactNode;
  readonly yes: string;
  readonly isReasonNeeded?: boolean;
  /** @param reason Empty where none was given. */
  readonly write: (reason: string) => Promise<unknown>;
}

export function AskButton(question: Question): ReactNode {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button type="button" onClick={() => setOpen(true)}>
        {question.label} …
      </button>
      {isOpen && <AskDialog {...question} onEnd={() => setOpen(false)} />}
    </>
  );
}

function AskDialog({
  title,
  children,
  yes,
  isReasonNeeded = false,
  write,
  onEnd,
}: Question & { readonly onEnd: () => void }): ReactNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const why = useRef<HTMLInputElement>(null);
  const titleId = useId();
  const [reason, setReason] = useState("");
  const queries = useQueryClient();
  const writing = useMutation({
    mutationFn: () => write(reason.trim()),
    onSuccess: async () => {
      await queries.invalidateQueries();
      onEnd();
    },
  });
  useEffect(() => {
    dialog.current?.showModal();
    // It would begin at the first link of the text.
    why.current?.focus();
  }, []);
  return (
    <dialog ref={dialog} onClose={onEnd} aria-labelledby={titleId}>
      <h2 id={titleId}>{title}</h2>
      {children}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          writing.mutate();
        }}
      >
        <label>
          Why <span className="hint">({isReasonNeeded ? "" : "optional, "}for the audit trail)</span>
          <input
            ref={why}
            value={reason}
            required={isReasonNeeded}
            maxLength={REASON_LENGTH_MAX}
            onChange={(event) => setReason(event.target.value)}
          />
        </label>
        {writing.error && (
          <p className="bad" role="alert">
            {writing.error.message}
          </p>
        )}
        <div className="actions">
          <button type="button" className="quiet" onClick={() => dialog.current?.close()}>
            Leave it
          </button>
          <button type="submit" disabled={writing.isPending}>
            {writing.isPending ? "Writing …" : yes}
          </button>
        </div>
      </form>
    </dialog>
  );
}
