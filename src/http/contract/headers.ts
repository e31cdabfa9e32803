/** Request headers, under the lower-case names that Node gives them. */
import { z } from "zod";
import {
  AFTER_POSITIONS_MAX,
  IDEMPOTENCY_KEY_LENGTH_MAX,
  OPERATOR_LENGTH_MAX,
  WAIT_MS_DEFAULT,
  WAIT_MS_MAX,
} from "./limits.ts";

/** One or more entity tags, or a star. */
const entityTags = z
  .string()
  .regex(/^(?:\*|(?:W\/)?"[\x21\x23-\x7e]*"(?:\s*,\s*(?:W\/)?"[\x21\x23-\x7e]*")*)$/, {
    error: "must be * or a list of quoted entity tags",
  });

/** Whoever wrote at several servers has a position of each. */
const positions = z
  .string()
  .regex(/^[0-9a-f]{32}:(?:0|[1-9][0-9]{0,14})(?:\s*,\s*[0-9a-f]{32}:(?:0|[1-9][0-9]{0,14}))*$/, {
    error: "must be a position <origin>:<sequence>, or several, comma-separated",
  })
  .refine((value) => value.split(",").length <= AFTER_POSITIONS_MAX, {
    error: `must have at most ${AFTER_POSITIONS_MAX} positions`,
  });

/** A request that is to see what earlier ones wrote, perhaps at other servers. */
const afterHeaders = {
  "rollcall-after": positions.optional().meta({
    description: "Wait until this server has the positions that writes answered, comma-separated.",
  }),
  "rollcall-wait": z
    .string()
    .regex(/^[0-9]{1,5}$/, { error: `must be a whole number of milliseconds from 0 to ${WAIT_MS_MAX}` })
    .transform(Number)
    .pipe(z.int().max(WAIT_MS_MAX))
    .optional()
    .meta({
      type: "integer",
      minimum: 0,
      maximum: WAIT_MS_MAX,
      default: WAIT_MS_DEFAULT,
      description: "How long `Rollcall-After` waits, and then `ack`, in milliseconds.",
    }),
};

export const readHeaders = z.object(afterHeaders);

const ifMatch = {
  "if-match": entityTags.optional().meta({
    description: "Only while the record is as one of these `ETag`s says; 412 when it is another by now.",
  }),
};

/** Of a write to a record that has an entity tag. */
export const editHeaders = z.object({ ...afterHeaders, ...ifMatch });

const idempotencyKey = z
  .string()
  .regex(/^[\x21-\x7e]+$/, { error: "must have visible ASCII characters only" })
  .max(IDEMPOTENCY_KEY_LENGTH_MAX)
  .optional();

/** Of a write that operators are asked about later (AUD1). */
const operated = {
  "rollcall-operator": z
    .string()
    .regex(/^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/, {
      error: "must have printable ASCII characters only",
    })
    .max(OPERATOR_LENGTH_MAX)
    .optional()
    .meta({ description: "The name of the operator who does it, for the audit trail." }),
};

/** Of a write to a record that has an entity tag, and that operators make. */
export const operatedEditHeaders = z.object({ ...afterHeaders, ...ifMatch, ...operated });

/** What is done once, and remembered (IDM1). */
const remembered = {
  "idempotency-key": idempotencyKey.meta({
    description:
      "Names the request: sent again by the same caller, it is done once. Another request with the key is 422.",
  }),
};

/** Of a POST whose requests are remembered. */
export const postHeaders = z.object({ ...afterHeaders, ...remembered });

/** Of a registration, whose key is what the player's id follows from (ID2). */
export const registrationHeaders = z.object({
  ...afterHeaders,
  "idempotency-key": idempotencyKey.meta({
    description:
      "Without an identity, the player's id follows from it: sent again, at any server, it meets the same player, " +
      "whose unset fields are filled.",
  }),
});

/** Of signing in, which writes nothing: each time there is another session, whatever the key. */
export const signInHeaders = z.object({
  ...afterHeaders,
  "idempotency-key": idempotencyKey.meta({
    description: "Taken, and not needed: signing in writes nothing.",
  }),
});

/** Of a POST that comes to the same when it is made again, whatever the key. */
export const repeatableHeaders = z.object({
  ...afterHeaders,
  "idempotency-key": idempotencyKey.meta({
    description: "Taken, and not needed: made again, it comes to the same.",
  }),
});

/** Of one that operators make. */
export const operatedRepeatableHeaders = repeatableHeaders.extend(operated);

/** Of a POST to a record that has an entity tag. */
export const postEditHeaders = z.object({ ...afterHeaders, ...ifMatch, ...remembered });

/** Of one that operators make. */
export const operatedPostEditHeaders = z.object({ ...afterHeaders, ...ifMatch, ...remembered, ...operated });
