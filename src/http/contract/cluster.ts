/** What operators see of the cluster. */
import { z } from "zod";
import { moment, reason, text, time } from "./text.ts";

/** More than a server can be called. */
const MEMBER_NAME_LENGTH_MAX = 128;

const memberState = z.enum(["alive", "suspect", "down", "starting"]);
const databaseState = z.enum(["open", "recovering", "closed"]);
const queues = z.record(z.string(), z.number());

const member = z
  .object({
    name: z.string(),
    incarnation: z.string(),
    self: z.boolean(),
    state: memberState,
    lastHeardAt: time.nullable(),
    entriesBehind: z.int(),
    secondsBehind: z.number().nullable(),
    clockOffsetMs: z.number().nullable(),
    brokers: z.array(z.object({ url: z.string(), own: z.boolean(), state: z.string() })),
    queues,
  })
  .meta({ id: "Member" });

export const cluster = z
  .object({
    server: z.string(),
    realm: z.string(),
    version: z.string(),
    database: databaseState.meta({
      description:
        "Of the answering server: `recovering` while it is away, `closed` until it was first open.",
    }),
    members: z.array(member),
  })
  .meta({ id: "Cluster" });

const clusterSample = z
  .object({
    at: time,
    database: databaseState,
    entries: z.int().nullable().meta({ description: "That the server holds; null while it does not know." }),
    written: z.int().nullable().meta({ description: "Those of them that it wrote since it began." }),
    queues,
    members: z.array(
      z.object({
        name: z.string(),
        state: memberState,
        entriesBehind: z.int(),
        secondsBehind: z.number().nullable(),
      }),
    ),
  })
  .meta({ id: "ClusterSample", description: "How the cluster looked to the server at a time." });

export const clusterSamples = z
  .object({ server: z.string(), items: z.array(clusterSample) })
  .meta({ id: "ClusterSamples", description: "The oldest first." });

export const samplesQuery = z.strictObject({
  since: moment.optional().meta({ description: "Those that are later than this time." }),
});

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
export type ClusterSamplesAnswer = z.output<typeof clusterSamples>;
export type DigestAnswer = z.output<typeof digest>;
