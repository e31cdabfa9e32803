import supertest from "supertest";
import { describe, expect, it } from "vitest";
import { ENTRY_KIND, encodeOriginBegan } from "../../../crdt/entry.ts";
import { memberForgottenIn } from "../../../crdt/membership.ts";
import type { MemberReport } from "../../../src/http/cluster-port.ts";
import { openHttpWorld } from "../../support/http-app.ts";
import { AS_KEY, AS_OPS } from "../../support/http-calls.ts";
import { entryOf, originOf } from "../../support/log-fixtures.ts";

const ALL = { entriesMax: 100, bytesMax: 1e9 };

function member(name: string, state: MemberReport["state"], number: number): MemberReport {
  const measured = { lastHeardAt: null, entriesBehind: 0, secondsBehind: null, clockOffsetMs: null };
  return { name, incarnation: originOf(number), self: false, state, ...measured, brokers: [], queues: {} };
}

async function world(members: readonly MemberReport[] = []) {
  const { app, registry } = await openHttpWorld({ members });
  const began = { kind: ENTRY_KIND.originBegan, body: encodeOriginBegan("us-1") };
  await registry.receive([
    entryOf({ origin: originOf(1), sequence: 1, documentId: null, hash: null, ...began }),
  ]);
  const forget = (name: string, body?: object) => {
    const request = supertest(app).post(`/v1/cluster/members/${name}/forget`).set(AS_OPS);
    return body ? request.send(body) : request;
  };
  return { app, registry, forget };
}

describe("POST /v1/cluster/members/{name}/forget", () => {
  it("[MBR2] answers with the cluster and the position, and notes why", async () => {
    const { registry, forget } = await world([member("ap-1", "alive", 3)]);
    const { status, body, headers } = await forget("us-1", { reason: "its machine burnt" });
    expect(status).toBe(200);
    expect(body).toMatchObject({ server: "eu-1", members: [{ name: "ap-1" }] });
    const [origin = "", sequence = ""] = String(headers["rollcall-position"]).split(":");
    const [entry] = await registry.entries(origin, Number(sequence), ALL);
    expect(entry && memberForgottenIn(entry)).toEqual({
      server: "us-1",
      origins: [originOf(1)],
    });
    const { items } = await registry.audits({ action: "forget", limit: 10 });
    expect(items.map(({ record }) => record)).toMatchObject([
      { action: "forget", by: "ops", member: "us-1", reason: "its machine burnt" },
    ]);
    expect(registry.members()).not.toContain("us-1");
  });

  it("[MBR2] takes no body for no reason, and the same again for the same", async () => {
    const { registry, forget } = await world();
    expect((await forget("us-1")).status).toBe(200);
    expect((await forget("us-1", {})).status).toBe(200);
    expect([...registry.forgotten]).toEqual([[originOf(1), "us-1"]]);
  });

  it("[MBR2] forgets the incarnation that was heard, too: a suspect, or one that is down", async () => {
    const { registry, forget } = await world([member("us-1", "suspect", 2), member("ap-1", "down", 3)]);
    expect((await forget("us-1")).status).toBe(200);
    expect((await forget("ap-1")).status).toBe(200);
    expect(Object.fromEntries(registry.forgotten)).toEqual({
      [originOf(1)]: "us-1",
      [originOf(2)]: "us-1",
      [originOf(3)]: "ap-1",
    });
  });

  it("[MBR2] refuses who is heard, itself, and who is not known", async () => {
    const { registry, forget } = await world([member("us-1", "alive", 1), member("ap-1", "starting", 2)]);
    for (const name of ["us-1", "ap-1", "eu-1"]) {
      const { status, body } = await forget(name);
      expect([status, body.code]).toEqual([409, "member-alive"]);
    }
    const { status, body } = await forget("nobody");
    expect([status, body.code]).toEqual([404, "member-not-found"]);
    expect(registry.forgotten.size).toBe(0);
  });

  it("is for operators alone, and takes nothing but a reason", async () => {
    const { app, forget } = await world();
    const path = "/v1/cluster/members/us-1/forget";
    expect((await supertest(app).post(path).set(AS_KEY).send({})).status).toBe(403);
    expect((await forget("us-1", { reason: "" })).status).toBe(400);
    expect((await forget("us-1", { why: "x" })).status).toBe(400);
  });
});
