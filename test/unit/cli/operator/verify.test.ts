import { describe, expect, it } from "vitest";
import { CommandError } from "../../../../src/cli/command-error.ts";
import { followed } from "../../../../src/cli/operator/followed-verification.ts";
import { OperatorApi } from "../../../../src/cli/operator/operator-api.ts";
import { ProgressWriter } from "../../../../src/cli/operator/progress-writer.ts";
import { type ServerStatus, statusReport } from "../../../../src/cli/operator/server-status.ts";
import { serversCompared } from "../../../../src/cli/operator/servers-compared.ts";
import { progressLine, verificationLines } from "../../../../src/cli/operator/verify-text.ts";
import type { VerificationAnswer } from "../../../../src/http/contract/verification.ts";
import { HOSTILE } from "../../../support/lab-run.ts";
import { ADA, ago, clusterOf, digestOf, member } from "../../../support/operator-answers.ts";
import { screen, shown } from "../../../support/screens.ts";

const RUNNING: VerificationAnswer = {
  ...{ state: "running", startedAt: ago(150), documents: 1_000, entries: 12_345 },
  ...{ faults: [], faultsFound: 0 },
};
const DONE: VerificationAnswer = { ...RUNNING, state: "done", finishedAt: ago(0) };
const FAULTY: VerificationAnswer = {
  ...DONE,
  faults: [
    { kind: "hash", documentId: ADA, detail: `an entry does not match its hash: ${HOSTILE}` },
    { kind: "rows", detail: "the rows of a leaderboard differ from what the log comes to" },
  ],
  faultsFound: 1_002,
};

/** One server was asked, and there is no other. */
const ALONE = statusReport([
  {
    url: "http://10.0.0.1",
    state: "ready",
    reasons: [],
    cluster: clusterOf("server-1", []),
    digest: digestOf(1),
  },
]);

describe("what was found", () => {
  it("is nothing, or faults and what they are", () => {
    expect(verificationLines(DONE, ALONE, screen(80))).toEqual([
      "0 faults in 1,000 documents, 12,345 entries, within 2 min.",
    ]);
    expect(shown(verificationLines(FAULTY, ALONE, screen(80)))).toMatchInlineSnapshot(`
      "
      hash  01a2189c-ff60-752e-b970-090893daff34
        an entry does not match its hash: <script>alert("1")</script>'&�[31m
      rows
        the rows of a leaderboard differ from what the log comes to
      and 1,000 more
      1,002 faults in 1,000 documents, 12,345 entries, within 2 min.
      "
    `);
  });

  it("has colours on a terminal", () => {
    expect(shown(verificationLines(FAULTY, ALONE, screen(120, { colors: true })))).toMatchInlineSnapshot(`
      "
      ␛[31mhash␛[39m  01a2189c-ff60-752e-b970-090893daff34
        an entry does not match its hash: <script>alert("1")</script>'&�[31m
      ␛[31mrows␛[39m
        the rows of a leaderboard differ from what the log comes to
      and 1,000 more
      ␛[31m1,002 faults␛[39m in 1,000 documents, 12,345 entries, within 2 min.
      "
    `);
  });

  it("is one line while it goes on, with what it is at", () => {
    expect(progressLine(RUNNING, screen(80))).toBe("verifying: 1,000 documents, 12,345 entries, 0 faults");
    const expected = { documents: 3_000, entries: 12_345 };
    expect(progressLine({ ...RUNNING, part: "documents", expected }, screen(80))).toBe(
      "verifying the documents, 33 %: 1,000 documents, 12,345 entries, 0 faults",
    );
    expect(progressLine({ ...RUNNING, part: "claims", expected }, screen(80), "no answer")).toBe(
      "verifying the claims: 1,000 documents, 12,345 entries, 0 faults; trying again: …",
    );
  });

  it("says why it ended too early", () => {
    const failure = { code: "verification-store-away", detail: "PostgreSQL has not answered" };
    expect(verificationLines({ ...DONE, state: "failed", failure }, ALONE, screen(80))).toEqual([
      "It ended too early: PostgreSQL has not answered",
      "0 faults in 1,000 documents, 12,345 entries, within 2 min.",
    ]);
  });

  it("names servers that differ with the same entries, and those that were not asked", () => {
    const servers = [1, 2, 3].map((number): ServerStatus => {
      const digest = digestOf(7, number === 2 ? { stateDigest: "other" } : {});
      const cluster = clusterOf(`server-${number}`, [member("server-4")]);
      return { url: `http://10.0.0.${number}`, state: "ready", reasons: [], cluster, digest };
    });
    expect(shown(verificationLines(DONE, statusReport(servers), screen(80)))).toMatchInlineSnapshot(`
      "
      0 faults in 1,000 documents, 12,345 entries, within 2 min.
      They hold the same entries and show different states: server-1 and server-3;
      server-2. Let each look for itself, by rollcall verify.
      Not asked, but known as members: server-4
      "
    `);
  });
});

/** A server that answers a verification's beginning, and then these in turn; the last for ever. */
function serverOf(...answers: readonly (VerificationAnswer | CommandError | undefined)[]) {
  let asked = 0;
  return {
    url: "http://10.0.0.1:7400",
    startVerification: async () => ({ ...RUNNING, documents: 1 }),
    verification: async () => {
      const answer = answers[Math.min(asked++, answers.length - 1)];
      if (answer instanceof CommandError) throw answer;
      return answer;
    },
  };
}

const AWAY = new CommandError("unreachable", "http://10.0.0.1:7400 cannot be reached: no answer within 30 s");

/** What is told while one is followed, and how long the pauses are together; no time passes. */
async function follow(server: ReturnType<typeof serverOf>) {
  const told: [number, string?][] = [];
  let pausedMs = 0;
  const ended = await followed(server, {
    tell: ({ documents }, trouble) => told.push(trouble === undefined ? [documents] : [documents, trouble]),
    pause: async (ms) => {
      pausedMs += ms;
    },
  }).catch((error: unknown) => error);
  return { ended, told, pausedMs };
}

describe("a verification that is followed", () => {
  it("is so until it is done, and told of meanwhile", async () => {
    const { ended, told } = await follow(
      serverOf({ ...RUNNING, documents: 2 }, { ...RUNNING, documents: 3 }, DONE),
    );
    expect(ended).toEqual(DONE);
    expect(told).toEqual([[1], [2], [3]]);
  });

  it("is so for as long as it takes", async () => {
    const { ended, pausedMs } = await follow(serverOf(...Array.from({ length: 7_200 }, () => RUNNING), DONE));
    expect(ended).toEqual(DONE);
    expect(pausedMs).toBeGreaterThan(3_600_000);
  });

  it("goes on when the server does not answer for a while", async () => {
    const { ended, told } = await follow(serverOf(AWAY, AWAY, { ...RUNNING, documents: 9 }, DONE));
    expect(ended).toEqual(DONE);
    expect(told).toEqual([[1], [1, AWAY.message], [1, AWAY.message], [9]]);
  });

  it("is given up with what to do when the server stays away", async () => {
    const { ended, told } = await follow(serverOf(AWAY));
    expect(ended).toMatchObject({
      code: "unreachable",
      message: `${AWAY.message}; if the server runs, it goes on: the same command follows it`,
    });
    expect(told).toHaveLength(60);
  });

  it("says so when the server was started again meanwhile", async () => {
    const { ended } = await follow(serverOf({ ...RUNNING }, AWAY, undefined));
    expect(ended).toMatchObject({
      code: "no-verdict",
      message: expect.stringContaining("was started again, which ended the verification"),
    });
  });

  it("ends at once when it is refused", async () => {
    const refused = new CommandError("refused", "http://10.0.0.1:7400 refuses the token");
    expect((await follow(serverOf(refused))).ended).toBe(refused);
  });
});

describe("how far it is", () => {
  function written(output: { isTTY?: boolean }, ...atMs: readonly number[]): string {
    const texts: string[] = [];
    let nowMs = 0;
    const writer = new ProgressWriter({ ...output, write: (text) => texts.push(text) }, () => nowMs);
    for (nowMs of atMs) writer.tell(`at ${nowMs}`);
    writer.end();
    return texts.join("").replaceAll("\u001b", "␛");
  }

  it("is one line on a terminal, of which nothing stays", () => {
    expect(written({ isTTY: true }, 0, 500)).toBe("\r␛[2Kat 0\r␛[2Kat 500\r␛[2K");
  });

  it("is a line every ten seconds elsewhere", () => {
    expect(written({}, 0, 500, 9_999, 10_000, 12_000, 20_500)).toBe("at 10000\nat 20500\n");
  });
});

describe("servers that are compared", () => {
  const [one, two] = [1, 2].map((number) => new OperatorApi({ url: `http://10.0.0.${number}`, token: "t" }));
  const apis = [one, two].flatMap((api) => (api ? [api] : []));
  const statusOf = (url: string, entries: number): ServerStatus => ({
    ...{ url, state: "ready", reasons: [], digest: digestOf(entries) },
    cluster: clusterOf(`server-${url.at(-1)}`, []),
  });

  it("are asked again while one is behind", async () => {
    const entries = [5, 4, 6, 5, 6, 6];
    const ask = async ({ url }: { url: string }) => statusOf(url, entries.shift() ?? 0);
    const report = await serversCompared(apis, ask, async () => undefined);
    expect([report.agreement, entries]).toEqual(["same", []]);
  });

  it("are said to be behind where writes never pause", async () => {
    let asked = 0;
    const ask = async ({ url }: { url: string }) => statusOf(url, ++asked);
    expect((await serversCompared(apis, ask, async () => undefined)).agreement).toBe("behind");
    expect(asked).toBe(20);
  });
});
