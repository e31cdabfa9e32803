import { describe, expect, it } from "vitest";
import { type ServerStatus, statusReport } from "../../../../src/cli/operator/server-status.ts";
import { statusLines } from "../../../../src/cli/operator/status-text.ts";
import { HOSTILE } from "../../../support/lab-run.ts";
import { clusterOf, digestOf, member } from "../../../support/operator-answers.ts";
import { screen, shown } from "../../../support/screens.ts";

function server(number: number, fields: Partial<ServerStatus> = {}): ServerStatus {
  const name = `server-${number}`;
  const peers = [1, 2, 3].filter((one) => one !== number).map((one) => member(`server-${one}`));
  return {
    url: `http://10.0.0.${number}:7400`,
    state: "ready",
    reasons: [],
    cluster: clusterOf(name, peers),
    digest: digestOf(12_000),
    ...fields,
  };
}

const TROUBLED = [
  server(1),
  server(2, {
    state: "degraded",
    reasons: [`peer's broker is ${HOSTILE}`, "server-3 is down"],
    digest: digestOf(11_900),
  }),
  {
    url: "http://10.0.0.3:7400",
    state: "away",
    reasons: ["http://10.0.0.3:7400 cannot be reached: connect ECONNREFUSED 10.0.0.3:7400"],
  },
] as const;

describe("status", () => {
  it("is a row a server, what is amiss, and whether all hold the same", () => {
    expect(shown(statusLines(statusReport(TROUBLED), screen(120)))).toMatchInlineSnapshot(`
      "
      server    state     behind  documents  entries  peers  brokers  version  url
      server-1  ready          0      1,234   12,000    2/2      2/3  0.1.0    http://10.0.0.1:7400
      server-2  degraded     100      1,234   11,900    2/2      2/3  0.1.0    http://10.0.0.2:7400
      ?         away           ?          ?        ?      ?        ?  ?        http://10.0.0.3:7400
      server-2: peer's broker is <script>alert("1")</script>'&�[31m
      server-2: server-3 is down
      http://10.0.0.3:7400 cannot be reached: connect ECONNREFUSED 10.0.0.3:7400
      They do not hold the same yet.
      "
    `);
  });

  it("fits 80 columns", () => {
    expect(shown(statusLines(statusReport(TROUBLED), screen(80)))).toMatchInlineSnapshot(`
      "
      server    state     behind  peers  brokers  version  url
      server-1  ready          0    2/2      2/3  0.1.0    http://10.0.0.1:7400
      server-2  degraded     100    2/2      2/3  0.1.0    http://10.0.0.2:7400
      ?         away           ?      ?        ?  ?        http://10.0.0.3:7400
      server-2: peer's broker is <script>alert("1")</script>'&�[31m
      server-2: server-3 is down
      http://10.0.0.3:7400 cannot be reached: connect ECONNREFUSED 10.0.0.3:7400
      They do not hold the same yet.
      "
    `);
  });

  it("has colours on a terminal", () => {
    const report = statusReport([server(1), server(2), server(3)]);
    expect(shown(statusLines(report, screen(80, { colors: true })))).toMatchInlineSnapshot(`
      "
      ␛[2mserver␛[22m    ␛[2mstate␛[22m  ␛[2mbehind␛[22m  ␛[2mpeers␛[22m  ␛[2mbrokers␛[22m  ␛[2mversion␛[22m  ␛[2murl␛[22m
      ␛[1mserver-1␛[22m  ␛[32mready␛[39m       0    2/2      ␛[33m2/3␛[39m  0.1.0    http://10.0.0.1:7400
      ␛[1mserver-2␛[22m  ␛[32mready␛[39m       0    2/2      ␛[33m2/3␛[39m  0.1.0    http://10.0.0.2:7400
      ␛[1mserver-3␛[22m  ␛[32mready␛[39m       0    2/2      ␛[33m2/3␛[39m  0.1.0    http://10.0.0.3:7400
      ␛[32mAll 3 hold and show the same.␛[39m
      "
    `);
  });

  it("names members that were not asked", () => {
    expect(statusReport([server(1)])).toMatchObject({
      agreement: "same",
      notAsked: ["server-2", "server-3"],
    });
  });
});

describe("whether servers agree", () => {
  it.each([
    ["same", [server(1), server(2)]],
    ["behind", [server(1), server(2, { digest: digestOf(11_999) })]],
    ["different", [server(1), server(2, { digest: digestOf(12_000, { stateDigest: "other" }) })]],
    ["different", [server(1), server(2, { digest: digestOf(12_000, { headsDigest: "other" }) })]],
    ["unknown", [server(1), TROUBLED[2]]],
    ["unknown", [TROUBLED[2]]],
  ] as const)("is %s", (agreement, servers) => {
    expect(statusReport(servers).agreement).toBe(agreement);
  });

  it("is counted by what any of them holds or heard of", () => {
    const other = digestOf(0, { versionVector: { ["a".repeat(32)]: 11_000, ["b".repeat(32)]: 5 } });
    const waiting = clusterOf("server-3", [member("server-3", { self: true, entriesBehind: 2_000 })]);
    const { behind } = statusReport([
      server(1),
      server(2, { digest: other }),
      server(3, { cluster: waiting }),
    ]);
    expect([...behind.values()]).toEqual([5, 1_000, 2_000]);
  });
});
