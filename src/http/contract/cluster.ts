/** What operators see of the cluster. */
import { z } from "zod";
import { time } from "./text.ts";

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
