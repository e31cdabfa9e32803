/** What operators did (AUD1), as a list. */
import type { AuditedAction, AuditRecord } from "../../crdt/audit.ts";
import type { Stamp } from "../../crdt/hybrid-clock.ts";
import type { DocumentId } from "../../crdt/ids.ts";
import type { Origin, Position } from "../../crdt/position.ts";

export interface AuditRow {
  /** Of its entry in the log: which server noted it, and where. */
  readonly position: Position;
  readonly record: AuditRecord;
}

export interface AuditQuery {
  readonly documentId?: DocumentId | undefined;
  readonly action?: AuditedAction | undefined;
  /** Those with this stamp or a later one. */
  readonly since?: Stamp | undefined;
  readonly limit: number;
  readonly after?: AuditCursor | undefined;
}

export interface AuditCursor {
  readonly stamp: Stamp;
  readonly origin: Origin;
  readonly sequence: number;
}

export interface AuditPage {
  readonly items: readonly AuditRow[];
  readonly next: AuditCursor | null;
}

export interface AuditStore {
  /** By (stamp, origin, sequence), newest first. */
  audits(query: AuditQuery): Promise<AuditPage>;
}

export function auditCursorOf({ position, record }: AuditRow): AuditCursor {
  return { stamp: record.stamp, ...position };
}
