/** Where writes stand in the log, and who holds them. */
import { z } from "zod";
import { ACK_PEERS_MAX } from "./limits.ts";
import { reason } from "./text.ts";

const ack = z
  .string()
  .regex(/^(?:0|[1-9][0-9]{0,2})$/, { error: `must be a whole number from 0 to ${ACK_PEERS_MAX}` })
  .transform(Number)
  .pipe(z.int().max(ACK_PEERS_MAX))
  .optional()
  .meta({
    type: "integer",
    minimum: 0,
    maximum: ACK_PEERS_MAX,
    default: 0,
    description:
      "Answer once so many other servers hold the write; 504 `not-acknowledged-yet` if they do not within `Rollcall-Wait`, and then the write stands.",
  });

/** Of every write. */
export const writeQuery = z.strictObject({ ack });

/** Of a write without a body that says why it is made. */
export const reasonedWriteQuery = z.strictObject({
  ack,
  reason: reason.optional().meta({ description: "Why; for the operators' audit trail." }),
});

/** Whether a query is of a write. */
export function isWriteQuery(query: z.ZodObject | undefined): boolean {
  return query?.shape.ack === ack;
}

export const positionParams = z.strictObject({
  position: z.string().regex(/^[0-9a-f]{32}:(?:0|[1-9][0-9]{0,14})$/, {
    error: "must be a position <origin>:<sequence>",
  }),
});

export const positionReport = z
  .object({
    position: z.string(),
    servers: z.array(z.object({ server: z.string(), has: z.boolean() })),
  })
  .meta({ id: "PositionReport", description: "Who holds a position, as far as the answering server knows." });

export type PositionAnswer = z.output<typeof positionReport>;
