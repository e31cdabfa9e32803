import { describe, expect, it } from "vitest";
import type { Fault } from "../../../src/registry/verification/fault.ts";
import { Verification, type VerificationReport } from "../../../src/registry/verification/verification.ts";
import { DatabaseSlowError, DatabaseUnavailableError } from "../../../src/storage/errors.ts";
import type { ViewedStore } from "../../../src/storage/store-view.ts";
import { eventually } from "../../support/eventually.ts";
import { type RichContent, writeRichContent } from "../../support/rich-content.ts";
import { AUTHOR, startTestServer, type TestServer } from "../../support/test-server.ts";

async function world() {
  const server = await startTestServer({ number: 1 });
  const content = await writeRichContent(server.registry, (await startTestServer({ number: 2 })).registry);
  return { server, content };
}

function verificationOf(
  server: Pick<TestServer, "store">,
  view: ViewedStore["view"] = () => server.store.view(),
) {
  const faults: Fault[] = [];
  const done: VerificationReport[] = [];
  const troubles: unknown[] = [];
  const clock = { aheadMs: 0 };
  const verification = new Verification({
    store: { view },
    nowMs: () => 1_760_000_000_000,
    monotonicMs: () => performance.now() + clock.aheadMs,
    pause: (ms) => {
      clock.aheadMs += ms;
      return new Promise((resolve) => setImmediate(resolve));
    },
    onFault: (fault) => faults.push(fault),
    onDone: (report) => done.push(report),
    onTrouble: (error) => troubles.push(error),
  });
  const run = async (): Promise<VerificationReport> => {
    verification.start();
    await eventually(() => expect(verification.latest()?.state).not.toBe("running"), { withinMs: 20_000 });
    return verification.latest() as VerificationReport;
  };
  return { verification, run, faults, done, troubles, clock };
}

describe("a verification", () => {
  it("[VER1] finds nothing where nothing is wrong, and counts what it looked at", async () => {
    const { server } = await world();
    const { run, done, troubles } = verificationOf(server);
    const report = await run();
    expect(report.faults).toEqual([]);
    const { documents, entries } = server.registry.digest();
    expect(report).toMatchObject({ state: "done", documents, entries, faultsFound: 0 });
    expect([done.length, troubles]).toEqual([1, []]);
  });

  it.each<[string, (disk: TestServer["disk"], content: RichContent) => void, Fault["kind"]]>([
    [
      "a total",
      (disk) => {
        disk.totals = { ...disk.totals, documents: disk.totals.documents + 1 };
      },
      "total",
    ],
    ["a row of a player", (disk, { bob }) => void disk.players.delete(bob), "record"],
    [
      "what a player says",
      (disk, { bob }) => {
        const row = disk.players.get(bob);
        if (row) disk.players.set(bob, { ...row, player: { ...row.player, displayName: "Eve" } });
      },
      "record",
    ],
    ["a claim", (disk) => void disk.claims.delete("identity steam:bob"), "claim"],
    [
      "conflicts",
      (disk) => {
        for (const id of disk.conflicts.keys()) disk.conflicts.delete(id);
      },
      "conflict",
    ],
    ["a document", (disk, { full }) => void disk.documents.delete(full), "document"],
  ])("[VER1] finds %s that is not as it was", async (_, damage, kind) => {
    const { server, content } = await world();
    damage(server.disk, content);
    const { run, faults } = verificationOf(server);
    const report = await run();
    expect(report.faultsFound).toBeGreaterThan(0);
    expect(report.faults.map((fault) => fault.kind)).toContain(kind);
    expect(faults).toEqual(report.faults);
  });

  it("[VER2] takes nothing that is being written for a fault", async () => {
    const { server } = await world();
    let count = 0;
    const write = async (): Promise<void> => {
      const { players } = server.registry;
      const { player } = await players.register({ fields: { username: `name-${count++}` } }, AUTHOR);
      await players.edit(player.id, { region: "eu" }, AUTHOR);
    };
    // Before each look, and while it lasts.
    const { run } = verificationOf(server, async () => {
      await write();
      const view = await server.store.view();
      await write();
      return view;
    });
    expect((await run()).faults).toEqual([]);
    expect(count).toBeGreaterThan(20);
  });

  it("[VER2] runs once at a time, and again afterwards", async () => {
    const { server } = await world();
    const { verification, run, done } = verificationOf(server);
    expect(verification.latest()).toBeUndefined();
    expect(verification.start().state).toBe("running");
    expect(verification.start().state).toBe("running");
    await run();
    expect(done).toHaveLength(1);
    await run();
    expect(done).toHaveLength(2);
  });

  it("[VER2] goes on when the database was away", async () => {
    const { server } = await world();
    // Behind each look that fails, it is asked whether anything can be looked at.
    let failures = 5;
    const { run, troubles } = verificationOf(server, async () => {
      if (failures-- > 0) throw new DatabaseUnavailableError();
      return server.store.view();
    });
    expect(await run()).toMatchObject({ state: "done", faults: [], failure: null });
    expect(troubles).toHaveLength(3);
  });

  it("[VER2] counts a page once, and keeps what it found, when its view was lost at the end", async () => {
    const { server, content } = await world();
    server.disk.documents.delete(content.full);
    const whole = await verificationOf(server).run();
    const lost = new Set<string>();
    const { run, troubles } = verificationOf(server, async () => {
      const view = await server.store.view();
      let page = "";
      return Object.assign(view, {
        entries: (...of: Parameters<typeof view.entries>) => {
          page = of.slice(0, 2).join(":");
          return Object.getPrototypeOf(view).entries.apply(view, of);
        },
        close: async () => {
          if (page === "" || lost.has(page)) return;
          lost.add(page);
          throw new DatabaseUnavailableError();
        },
      });
    });
    expect(await run()).toEqual(whole);
    expect(whole.faults.map(({ detail }) => detail)).toContain("it has changes, and no row");
    expect(troubles.length).toBeGreaterThan(0);
  });

  it("[VER3] ends, and says why, when the database does not come back", async () => {
    const { server } = await world();
    let looks = 0;
    const { run, done } = verificationOf(server, async () => {
      if (++looks > 4) throw new DatabaseUnavailableError();
      return server.store.view();
    });
    const report = await run();
    expect(report).toMatchObject({
      state: "failed",
      part: null,
      failure: { code: "verification-store-away" },
    });
    expect(report.finishedAtMs).not.toBeNull();
    expect(done).toEqual([report]);
  });

  it("[VER3] waits for a database that is slow, and finds no fault in that", async () => {
    const { server } = await world();
    let slow = 20;
    const { run } = verificationOf(server, async () => {
      const view = await server.store.view();
      const changes: typeof view.changes = (ids) =>
        slow-- > 0
          ? Promise.reject(new DatabaseSlowError())
          : Object.getPrototypeOf(view).changes.call(view, ids);
      return Object.assign(view, { changes });
    });
    expect(await run()).toMatchObject({ state: "done", faultsFound: 0 });
    expect(slow).toBeLessThan(0);
  });

  it("[VER3] waits as long for one that is away at the end of a long look as at its beginning", async () => {
    const { server } = await world();
    let looks = 0;
    const { run, clock } = verificationOf(server, async () => {
      if (++looks === 1) clock.aheadMs += 11 * 60_000;
      if (looks <= 2) throw new DatabaseUnavailableError();
      return server.store.view();
    });
    expect(await run()).toMatchObject({ state: "done", faultsFound: 0 });
  });

  it("[VER3] tells of what the database never gives, and looks at all other parts", async () => {
    const { server } = await world();
    const { run } = verificationOf(server, async () => {
      const view = await server.store.view();
      return Object.assign(view, { changes: () => Promise.reject(new DatabaseUnavailableError()) });
    });
    const report = await run();
    expect(report.state).toBe("done");
    const detail = "the documents could not be looked at to the end; the log of the server has more";
    expect(report.faults).toContainEqual({ kind: "unreadable", detail });
    expect(report.unreadableFound).toBe(report.faults.filter(({ kind }) => kind === "unreadable").length);
    expect(report.entries).toBe(server.registry.digest().entries);
  });

  it("says what it is at, and of how much", async () => {
    const { server } = await world();
    const parts = new Set<string | null | undefined>();
    const { verification, run } = verificationOf(server, () => {
      parts.add(verification.latest()?.part);
      return server.store.view();
    });
    const { part, expected } = await run();
    const { documents, entries } = server.registry.digest();
    expect([part, expected]).toEqual([null, { documents, entries }]);
    expect([...parts]).toEqual(["log", "documents", "claims", "conflicts", "ratings", "totals"]);
  });

  it("[VER2] ends with the server, and none begins then", async () => {
    const { server } = await world();
    let opened = 0;
    const { verification, done } = verificationOf(server, () => {
      opened++;
      return server.store.view();
    });
    verification.start();
    await verification.stop();
    const before = opened;
    verification.start();
    await verification.stop();
    expect([opened, done]).toEqual([before, []]);
  });

  it("[VER1] lists a hundred faults, and counts all; what nobody can read is one", async () => {
    const { server } = await world();
    for (let number = 0; number < 120; number++) {
      const { player } = await server.registry.players.register({ fields: {} }, AUTHOR);
      server.disk.players.delete(player.id);
    }
    const { run, faults, troubles } = verificationOf(server, async () => {
      const view = await server.store.view();
      return Object.assign(view, {
        conflictsAfter: () => Promise.reject(new TypeError("a row that nobody can read")),
      });
    });
    const report = await run();
    expect(report.faults).toHaveLength(100);
    expect(report.faultsFound).toBe(faults.length);
    expect(faults.filter(({ kind }) => kind === "record")).toHaveLength(120);
    expect(faults.filter(({ kind }) => kind === "unreadable").length).toBeGreaterThan(0);
    expect(troubles.length).toBeGreaterThan(0);
  });
});
