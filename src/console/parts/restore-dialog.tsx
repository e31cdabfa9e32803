/** Asks before a value is put back: what will be written where, and why. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { request } from "../api/request.ts";
import { Value } from "./text.tsx";
import { shortHash } from "./words.ts";

export interface Restorable {
  readonly documentId: string;
  readonly path: string;
  readonly change: string;
  /** What is put back. */
  readonly value: unknown;
}

export function RestoreButton({ restorable }: { readonly restorable: Restorable }): ReactNode {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button type="button" onClick={() => setOpen(true)}>
        Put back …
      </button>
      {isOpen && <RestoreDialog restorable={restorable} onEnd={() => setOpen(false)} />}
    </>
  );
}

function RestoreDialog({
  restorable: { documentId, path, change, value },
  onEnd,
}: {
  readonly restorable: Restorable;
  readonly onEnd: () => void;
}): ReactNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const [reason, setReason] = useState("");
  const queries = useQueryClient();
  const restoring = useMutation({
    mutationFn: () =>
      request(`/v1/documents/${documentId}/restore`, {
        method: "POST",
        body: { path, change, ...(reason.trim() !== "" && { reason: reason.trim() }) },
      }),
    onSuccess: async () => {
      await queries.invalidateQueries();
      onEnd();
    },
  });
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} onClose={onEnd} aria-labelledby="restore-title">
      <h2 id="restore-title">Put back {path}</h2>
      <p>
        <strong>{path}</strong> will be {value === null ? "unset" : "set to "}
        {value !== null && <Value of={value} />}, as change <code>{shortHash(change)}</code> had it. This is a
        new change: it goes to every server, and what stands now stays in the history.
      </p>
      {path === "username" && (
        <p className="hint">A name is claimed anew. It is refused while another player has it.</p>
      )}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          restoring.mutate();
        }}
      >
        <label>
          Why <span className="hint">optional, for the audit trail</span>
          <input value={reason} maxLength={512} onChange={(event) => setReason(event.target.value)} />
        </label>
        {restoring.error && (
          <p className="bad" role="alert">
            {restoring.error.message}
          </p>
        )}
        <div className="actions">
          <button type="button" className="quiet" onClick={() => dialog.current?.close()}>
            Leave it
          </button>
          <button type="submit" disabled={restoring.isPending}>
            {restoring.isPending ? "Putting back …" : "Put it back"}
          </button>
        </div>
      </form>
    </dialog>
  );
}
