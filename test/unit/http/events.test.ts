import { afterEach, describe, expect, it } from "vitest";
import type { MemberReport } from "../../../src/http/cluster-port.ts";
import { conflict } from "../../../src/http/contract/conflict.ts";
import { changeEvent, memberEvent } from "../../../src/http/contract/event.ts";
import { type EventListener, type ListenOptions, listenTo } from "../../support/event-listener.ts";
import { eventually } from "../../support/eventually.ts";
import {
  API_KEY,
  type HttpWorld,
  type HttpWorldOptions,
  OPS_TOKEN,
  ORIGIN,
  openHttpWorld,
} from "../../support/http-app.ts";
import { createMatch, mergedPlayers, registerPlayer, registerWithSession } from "../../support/http-calls.ts";
import { type SmallServer, startSmallServer } from "../../support/small-server.ts";

const OTHER_ORIGIN = "f".repeat(32);
const ALL = { entriesMax: 10_000, bytesMax: 1e9 };
const servers: SmallServer[] = [];
const listeners: EventListener[] = [];

afterEach(async () => {
  await Promise.all(listeners.splice(0).map((listener) => listener.leave()));
  for (const server of servers.splice(0)) await server.kill();
});

interface World extends HttpWorld {
  readonly url: string;
  listen(options?: ListenOptions): Promise<EventListener>;
}

async function open(options: HttpWorldOptions = {}): Promise<World> {
  const world = await openHttpWorld({ ...options, access: { openWrites: true, ...options.access } });
  const server = await startSmallServer(world.app);
  servers.push(server);
  const listen = async (how: ListenOptions = { token: OPS_TOKEN }) => {
    const listener = await listenTo(server.url, how);
    listeners.push(listener);
    return listener;
  };
  return { ...world, url: server.url, listen };
}

/** All that one server holds comes to another. */
async function deliver(from: HttpWorld, to: HttpWorld): Promise<void> {
  for (const origin of from.registry.vector.keys()) {
    await to.registry.receive(await from.registry.entries(origin, 1, ALL));
  }
}

const documentsOf = (events: readonly { data: Record<string, unknown> }[]) =>
  events.map(({ data }) => data.documentId);

describe("[EVT1] GET /v1/events", () => {
  it("is a stream that nobody keeps, collects or compresses", async () => {
    const { listen } = await open();
    const { status, headers } = await listen();
    expect(status).toBe(200);
    expect(headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
    expect(headers.get("cache-control")).toBe("no-store, no-cache, no-transform");
    expect(headers.get("x-accel-buffering")).toBe("no");
    expect(headers.get("content-encoding")).toBeNull();
    expect(headers.get("rollcall-server")).toBe("eu-1");
  });

  it("tells operators of each change: what, where, by whom, and nothing that it says", async () => {
    const world = await open();
    const listener = await world.listen();
    const player = await registerPlayer(world, { username: "zelda", metadata: { secret: 1 } });
    const match = await createMatch(world, { hostId: player.id });
    const events = await listener.next(2, "change");
    expect(events.map(({ data }) => changeEvent.parse(data))).toEqual(events.map(({ data }) => data));
    expect(
      events.map(({ data: { kind, documentId, position, server } }) => [kind, documentId, position, server]),
    ).toEqual([
      ["player", player.id, `${ORIGIN}:2`, "eu-1"],
      ["match", match.id, `${ORIGIN}:3`, "eu-1"],
    ]);
    expect(listener.text()).not.toMatch(/zelda|secret/);
  });

  it("tells operators of conflicts once, and of erasures", async () => {
    const [one, other] = [await open(), await open({ server: "us-1", origin: OTHER_ORIGIN })];
    const listener = await one.listen();
    const first = await registerPlayer(one, { username: "ada" });
    const second = await registerPlayer(other, { username: "ada" });
    await deliver(other, one);
    const [told] = await listener.next(1, "conflict");
    expect(conflict.parse(told?.data)).toMatchObject({ kind: "username", rule: "CLM1" });
    await one.registry.players.edit(first.id, { region: "eu" }, { by: "key" });
    await one.registry.players.erase(second.id, { by: "key" });
    const events = await listener.next(3);
    const shown = events
      .filter(({ type }) => type !== "conflict")
      .map(({ data }) => [data.documentId, data.erased]);
    expect(shown.at(-1)).toEqual([second.id, true]);
    expect(events.filter(({ type }) => type === "conflict")).toEqual([]);
  });

  it("tells operators of all members at the start, and then of each that changes", async () => {
    const member = (name: string, state: MemberReport["state"]): MemberReport => ({
      ...{ name, state, incarnation: OTHER_ORIGIN, self: false, lastHeardAt: null, entriesBehind: 0 },
      ...{ secondsBehind: null, clockOffsetMs: null, brokers: [], queues: {} },
    });
    const members = [member("us-1", "alive"), member("ap-1", "alive")];
    const world = await open({ members });
    const listener = await world.listen();
    const states = async (count: number) =>
      (await listener.next(count, "member")).map(({ data }) => {
        const { name, state } = memberEvent.parse(data);
        return `${name} ${state}`;
      });
    expect(await states(2)).toEqual(["us-1 alive", "ap-1 alive"]);
    members[1] = member("ap-1", "suspect");
    world.tick();
    world.tick();
    members[1] = member("ap-1", "alive");
    world.tick();
    expect(await states(2)).toEqual(["ap-1 suspect", "ap-1 alive"]);
    members.pop();
    world.tick();
    world.tick();
    members.push(member("ap-1", "starting"));
    world.tick();
    expect(await states(2)).toEqual(["ap-1 forgotten", "ap-1 starting"]);
  });

  it("tells a player of its own changes and matches alone", async () => {
    const world = await open();
    const { player, session } = await registerWithSession(world);
    const other = await registerPlayer(world, { username: "ada" });
    const listener = await world.listen({ token: session.token });
    await createMatch(world, { hostId: other.id });
    await world.registry.players.edit(other.id, { region: "eu" }, { by: "key" });
    await world.registry.players.edit(player.id, { region: "eu" }, { by: "key" });
    const match = await createMatch(world, { hostId: other.id });
    await world.registry.matches.join(match.id, player.id, { by: "key" });
    expect(documentsOf(await listener.next(2))).toEqual([player.id, match.id]);
    expect(listener.text()).not.toContain(other.id);
  });

  it("tells a player of all that it was merged with, before and while it listens", async () => {
    const world = await open();
    const { survivor, merged } = await mergedPlayers(world);
    const listener = await world.listen({ token: merged.session.token });
    await world.registry.players.edit(survivor.player.id, { region: "eu" }, { by: "key" });
    expect(documentsOf(await listener.next(1))).toEqual([survivor.player.id]);

    const later = await registerWithSession(world);
    const listening = await world.listen({ token: later.session.token });
    await world.registry.players.merge(survivor.player.id, later.player.id, { by: "ops" });
    const [told] = await listening.next(1);
    expect([later.player.id, survivor.player.id]).toContain(told?.data.documentId);
    await world.registry.players.edit(survivor.player.id, { region: "us" }, { by: "key" });
    expect((await listening.next(1)).length).toBe(1);
  });

  it("is for nobody else", async () => {
    const { listen } = await open();
    expect((await listen({ token: API_KEY })).status).toBe(403);
    expect((await listen({ token: "unknown" })).status).toBe(401);
    expect((await listen({})).status).toBe(401);
  });
});

describe("[EVT2] a stream goes on", () => {
  it("after any of its ids: with what came since, and nothing twice", async () => {
    const world = await open();
    const first = await world.listen();
    const ids = [await registerPlayer(world), await registerPlayer(world), await registerPlayer(world)].map(
      ({ id }) => id,
    );
    const events = await first.next(3, "change");
    expect(documentsOf(events)).toEqual(ids);
    const { id: late } = await registerPlayer(world);
    const nexts: string[] = [];
    for (const [index, { id }] of events.entries()) {
      const resumed = await world.listen({ token: OPS_TOKEN, lastEventId: id });
      const left = [...ids, late, ...nexts].slice(index + 1);
      expect(documentsOf(await resumed.next(left.length))).toEqual(left);
      const { id: next } = await registerPlayer(world);
      expect(documentsOf(await resumed.next(1))).toEqual([next]);
      nexts.push(next);
    }
  });

  it("at another server, whatever came there in another order", async () => {
    const [one, other] = [await open(), await open({ server: "us-1", origin: OTHER_ORIGIN })];
    const listener = await one.listen();
    const seen = await registerPlayer(one);
    const [event] = await listener.next(1, "change");
    const there = await registerPlayer(other);
    const later = await registerPlayer(one);
    await deliver(one, other);
    const resumed = await other.listen({ token: OPS_TOKEN, lastEventId: event?.id });
    expect(documentsOf(await resumed.next(2))).toEqual([there.id, later.id]);
    expect(resumed.text()).not.toContain(seen.id);
    expect(resumed.text()).not.toContain("event: reset");
  });

  it("at a server that lacks what the last one told, which is then not told again", async () => {
    const [one, other] = [await open(), await open({ server: "us-1", origin: OTHER_ORIGIN })];
    const listener = await one.listen();
    await registerPlayer(one);
    const [event] = await listener.next(1, "change");
    const resumed = await other.listen({ token: OPS_TOKEN, lastEventId: event?.id });
    const there = await registerPlayer(other);
    expect(documentsOf(await resumed.next(1))).toEqual([there.id]);
    await deliver(one, other);
    const next = await registerPlayer(other);
    expect(documentsOf(await resumed.next(1))).toEqual([next.id]);
  });

  it("with a conflict that it was not told of, though it knows of the change that made it there", async () => {
    const [one, other] = [await open(), await open({ server: "us-1", origin: OTHER_ORIGIN })];
    const listener = await one.listen();
    await registerPlayer(one, { username: "ada" });
    const [event] = await listener.next(1, "change");
    await registerPlayer(other, { username: "ada" });
    await deliver(one, other);
    const resumed = await other.listen({ token: OPS_TOKEN, lastEventId: event?.id });
    expect((await resumed.next(2)).map(({ type }) => type).sort()).toEqual(["change", "conflict"]);
  });

  it("with a reset where it cannot: after more than is kept, and after a restart that it was not there for", async () => {
    const world = await open({ journalMax: 4 });
    const listener = await world.listen();
    await registerPlayer(world);
    const [event] = await listener.next(1, "change");
    for (let count = 0; count < 4; count++) await registerPlayer(world);
    const inTime = await world.listen({ token: OPS_TOKEN, lastEventId: event?.id });
    expect((await inTime.next(4)).map(({ type }) => type)).toEqual(Array(4).fill("change"));
    await registerPlayer(world);
    const tooLate = await world.listen({ token: OPS_TOKEN, lastEventId: event?.id });
    const { id } = await registerPlayer(world);
    const [reset, change] = await tooLate.next(2);
    expect([reset?.type, reset?.data, change?.data.documentId]).toEqual(["reset", {}, id]);
    const resumed = await world.listen({ token: OPS_TOKEN, lastEventId: reset?.id });
    expect(documentsOf(await resumed.next(1))).toEqual([id]);
  });

  it("for a player, too, although others' changes came between", async () => {
    const world = await open();
    const { player, session } = await registerWithSession(world);
    const listener = await world.listen({ token: session.token });
    await registerPlayer(world);
    for (let count = 0; count < 15; count++) world.tick();
    await listener.readUntil(": alive");
    await listener.leave();
    await world.registry.players.edit(player.id, { region: "eu" }, { by: "key" });
    await registerPlayer(world);
    const resumed = await world.listen({ token: session.token, lastEventId: listener.lastEventId() });
    expect(documentsOf(await resumed.next(1))).toEqual([player.id]);
  });

  it("after nothing but ids that a server gave", async () => {
    const { listen } = await open();
    for (const lastEventId of ["x", "1.zz", "2", "1.0123456789abcdef-0", "12"]) {
      expect((await listen({ token: OPS_TOKEN, lastEventId })).status, lastEventId).toBe(400);
    }
    expect((await listen({ token: OPS_TOKEN, lastEventId: "1" })).status).toBe(200);
  });
});

describe("[EVT3] a listener", () => {
  it("hears every 15 s that it is connected, and where it stands", async () => {
    const world = await open();
    const listener = await world.listen();
    await registerPlayer(world);
    await listener.next(1, "change");
    for (let count = 0; count < 15; count++) world.tick();
    await listener.readUntil(": alive");
    expect(listener.lastEventId()).toBe(`1.${ORIGIN.slice(0, 16)}-2`);
  });

  it("is one of so many, and a player has four streams, the latest", async () => {
    const world = await open({ listenersMax: 6 });
    const { session } = await registerWithSession(world);
    const own: EventListener[] = [];
    for (let count = 0; count < 5; count++) own.push(await world.listen({ token: session.token }));
    expect(world.events.listeners).toBe(4);
    expect(await own[0]?.next(1)).toEqual([]);
    await world.listen();
    await world.listen();
    const refused = await world.listen();
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "5"]);
    await own[4]?.leave();
    await eventually(() => expect(world.events.listeners).toBe(5));
    expect((await world.listen()).status).toBe(200);
  });

  it("by a player's token has to come again when that is no longer good", async () => {
    const world = await open();
    const { session } = await registerWithSession(world);
    const own = await world.listen({ token: session.token });
    await world.listen();
    for (let count = 0; count < 15 * 60; count++) world.tick();
    expect(await own.next(1)).toEqual([]);
    expect(world.events.listeners).toBe(1);
  });

  it("is sent away at the end, and none is let in", async () => {
    const world = await open();
    const listener = await world.listen();
    world.events.close();
    expect(await listener.next(1)).toEqual([]);
    expect(world.events.listeners).toBe(0);
    expect((await world.listen()).status).toBe(503);
  });

  it("that only asks for the head gets that", async () => {
    const { url, events } = await open();
    const { status, headers } = await fetch(`${url}/v1/events`, {
      method: "HEAD",
      headers: { authorization: `Bearer ${OPS_TOKEN}` },
    });
    expect([status, headers.get("content-type")]).toEqual([200, "text/event-stream; charset=utf-8"]);
    expect(events.listeners).toBe(0);
  });
});
