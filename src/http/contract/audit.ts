/** What operators did, and why (AUD1). For operators. */
import { z } from "zod";
import { cursor, limit, pageOf } from "./paging.ts";
import { moment, time, uuid } from "./text.ts";

const auditedAction = z.enum(["restore", "merge", "settle", "forget", "ban", "unban", "erase"]);

const auditRecord = z
  .object({
    id: z.string().meta({ description: "The position of its entry: `<origin>:<sequence>`." }),
    at: time,
    action: auditedAction,
    by: z.string().meta({ description: "The kind of caller: `ops`, or `key` for a trusted back end." }),
    operator: z.string().optional().meta({ description: "As the caller gave it in `Rollcall-Operator`." }),
    reason: z.string().optional(),
    address: z.string().optional().meta({ description: "From where, as the server saw it." }),
    server: z.string().nullable().meta({ description: "At which it was done; null when not known here." }),
    documentId: uuid.optional().meta({ description: "The player or match." }),
    change: z.string().optional().meta({ description: "The change that it made." }),
    member: z.string().optional().meta({ description: "The server that was forgotten." }),
  })
  .meta({ id: "AuditRecord" });

export const auditPage = pageOf(auditRecord).meta({ id: "AuditPage" });

export const auditQuery = z.strictObject({
  documentId: uuid.optional(),
  action: auditedAction.optional(),
  since: moment.optional().meta({ description: "Those of this time or later." }),
  limit,
  cursor,
});

export type AuditRecordAnswer = z.output<typeof auditRecord>;
export type AuditPageAnswer = z.output<typeof auditPage>;
