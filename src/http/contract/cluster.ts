/** What operators see of the cluster. */
import { z } from "zod";
import { reason, text, time } from "./text.ts";

/** More than a server can be called. */
const MEMBER_NAME_LENGTH_MAX = 128;

const member = z
  .object({
    name: z.string(),
    incarnation: z.string(),
    self: z.boolean(),
    state: z.enum(["alive", "suspect", "down", "starting"]),
    lastHeardAt: time.nullable(),
    entriesBehind: z.int(),
    secondsBehind: z.number().nullable(),
    clockOffsetMs: z.number().nullable(),
    brokers: z.array(z.object({ url: z.string(), own: z.boolean(), state: z.string() })),
    queues: z.record(z.string(), z.number()),
  })
  .meta({ id: "Member" });

export const cluster = z
  .object({ server: z.string(), realm: z.string(), version: z.string(), members: z.array(member) })
  .meta({ id: "Cluster" });

/** Whatever somebody may take for a server's name: of one that is none, it is said that it is not known. */
export const memberParams = z.strictObject({ name: text(1, MEMBER_NAME_LENGTH_MAX) });

export const forgetting = z
  .strictObject({ reason: reason.optional() })
  .meta({ id: "Forgetting", description: "Why, for those who ask later." });

export const digest = z
  .object({
    documents: z.int(),
    entries: z.int(),
    versionVector: z.record(z.string(), z.int()),
    headsDigest: z.string(),
    stateDigest: z.string(),
  })
  .meta({ id: "Digest", description: "Equal on servers that have the same entries." });

export type MemberAnswer = z.output<typeof member>;
export type ClusterAnswer = z.output<typeof cluster>;
export type DigestAnswer = z.output<typeof digest>;
