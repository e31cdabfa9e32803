/** Puts back what a change set of a field, unless it stands already: asks first. */
import type { ReactNode } from "react";
import { request } from "../api/request.ts";
import { AskButton } from "./ask-dialog.tsx";
import { Badge, Value } from "./text.tsx";
import { shortHash } from "./words.ts";

export interface Restorable {
  readonly documentId: string;
  readonly path: string;
  readonly change: string;
  /** What is put back. */
  readonly value: unknown;
  /** What the field says now; undefined where it is unset. */
  readonly standing: unknown;
}

const RESTORABLE = /^(?:username|displayName|region|platform|metadata\/.+)$/;

/** Whether it is something that a player says of itself. */
export function isRestorable(path: string): boolean {
  return RESTORABLE.test(path);
}

export function RestoreButton({ documentId, path, change, value, standing }: Restorable): ReactNode {
  if (value === (standing ?? null)) {
    // Who lost a name still claims it.
    return path === "username" ? <Badge kind="none">claimed</Badge> : <Badge kind="good">stands</Badge>;
  }
  return (
    <AskButton
      label="Put back"
      title={`Put back ${path}`}
      yes="Put it back"
      write={(reason) => restore(documentId, { path, change, ...(reason !== "" && { reason }) })}
    >
      <p>
        <strong>{path}</strong> will be {value === null ? "unset" : "set to "}
        {value !== null && <Value of={value} />}, as change <code>{shortHash(change)}</code> had it. This is a
        new change: it goes to every server, and what stands now stays in the history.
      </p>
      {path === "username" && (
        <p className="hint">A name is claimed anew. It is refused while another player has it.</p>
      )}
    </AskButton>
  );
}

export function restore(documentId: string, body: object): Promise<unknown> {
  return request(`/v1/documents/${documentId}/restore`, { method: "POST", body });
}
