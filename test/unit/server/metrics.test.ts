import { describe, expect, it } from "vitest";
import { type MeteredServer, request, startMeteredServer } from "../../support/metered-server.ts";

/** The lines of one series, without those that describe it. */
async function lines(server: MeteredServer, name: string): Promise<string[]> {
  return (await server.read()).split("\n").filter((line) => /^\w+/.exec(line)?.[0] === name);
}

describe("metrics", () => {
  it("count a conflict once, by kind and rule", async () => {
    const server = await startMeteredServer();
    expect(await lines(server, "rollcall_conflicts_total")).toEqual([
      'rollcall_conflicts_total{kind="username",rule="CLM1"} 1',
    ]);
  });

  it("tell who wrote the entries that are held", async () => {
    const server = await startMeteredServer();
    expect(await lines(server, "rollcall_entries_written_total")).toEqual([
      expect.stringMatching(/^rollcall_entries_written_total\{writer="server-1"\} [1-9]/),
      expect.stringMatching(/^rollcall_entries_written_total\{writer="server-2"\} [1-9]/),
    ]);
  });

  it("tell which member is not heard, and which brokers are", async () => {
    const server = await startMeteredServer();
    expect(await lines(server, "rollcall_member_unheard_seconds")).toEqual([
      'rollcall_member_unheard_seconds{member="server-2"} 60',
    ]);
    expect(await lines(server, "rollcall_broker_subscribed")).toEqual([
      'rollcall_broker_subscribed{broker="memory:one",own="true"} 1',
      'rollcall_broker_subscribed{broker="memory:two",own="false"} 1',
    ]);
  });

  it("[VER3] tell what was found wrong apart from what could not be looked at", async () => {
    const server = await startMeteredServer();
    expect(await lines(server, "rollcall_verify_faults")).toEqual(["rollcall_verify_faults 2"]);
    expect(await lines(server, "rollcall_verify_parts_unread")).toEqual(["rollcall_verify_parts_unread 1"]);
  });

  it("count answers by method and status, and leave streams out", async () => {
    const server = await startMeteredServer();
    await request(server.metrics, (_, response) => response.writeHead(503).end());
    await request(server.metrics, (_, response) => response.end(), "/v1/events?types=conflict");
    expect(await lines(server, "rollcall_http_request_seconds_count")).toEqual([
      'rollcall_http_request_seconds_count{method="GET",status="200"} 1',
      'rollcall_http_request_seconds_count{method="GET",status="503"} 1',
    ]);
  });
});
