/** A real PostgreSQL is damaged by hand, in one way after the other, and each is found; whole it is found to be whole. */
import { randomUUID } from "node:crypto";
import { setTimeout as delay, setImmediate as turn } from "node:timers/promises";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Registry } from "../../src/registry/registry.ts";
import type { Fault } from "../../src/registry/verification/fault.ts";
import { Verification, type VerificationReport } from "../../src/registry/verification/verification.ts";
import { PostgresLogStore } from "../../src/storage/postgres/postgres-log-store.ts";
import { freshDatabase, type TestDatabase } from "../support/database.ts";
import { eventually } from "../support/eventually.ts";
import { testPresence } from "../support/presence.ts";
import { type RichContent, writeRichContent } from "../support/rich-content.ts";
import { AUTHOR, REALM, startTestServer } from "../support/test-server.ts";

interface World {
  readonly registry: Registry;
  readonly store: PostgresLogStore;
  close(): Promise<void>;
}

async function openOn(databaseUrl: string): Promise<World> {
  const store = new PostgresLogStore({
    databaseUrl,
    realm: REALM,
    allowUnsafe: true,
    onIdleError: () => undefined,
  });
  const fail = (error: unknown): never => {
    throw error;
  };
  const registry = new Registry({
    realm: REALM,
    incarnation: { server: "eu-1", origin: randomUUID().replaceAll("-", "") },
    store,
    presence: testPresence(() => Date.now()),
    nowMs: () => Date.now(),
    monotonicMs: () => performance.now(),
    pause: (ms) => delay(ms),
    newId: () => randomUUID(),
    onTrouble: fail,
    onFatal: fail,
  });
  await registry.open();
  const close = async (): Promise<void> => {
    await registry.close();
    await store.close();
  };
  return { registry, store, close };
}

async function verified({ store }: World, onTrouble?: (error: unknown) => void): Promise<VerificationReport> {
  const verification = new Verification({
    store,
    nowMs: () => Date.now(),
    monotonicMs: () => performance.now(),
    pause: (ms) => delay(ms),
    onFault: () => undefined,
    onDone: () => undefined,
    onTrouble: (error) => {
      if (!onTrouble) throw error;
      onTrouble(error);
    },
  });
  verification.start();
  await eventually(() => expect(verification.latest()?.state).toBe("done"), { withinMs: 50_000 });
  return verification.latest() as VerificationReport;
}

let template: TestDatabase;
let content: RichContent;

beforeAll(async () => {
  template = await freshDatabase();
  const world = await openOn(template.url);
  content = await writeRichContent(world.registry, (await startTestServer({ number: 2 })).registry);
  await world.close();
});

afterAll(async () => {
  await template?.drop();
});

/** What a verification of a copy finds, after this was done to it. */
async function faultsAfter(sql: string, values: readonly unknown[] = []): Promise<readonly Fault[]> {
  const database = await freshDatabase(template.name);
  try {
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    const { rowCount } = await client.query(sql, [...values]);
    await client.end();
    expect(rowCount, "the damage must be done").toBeGreaterThan(0);
    const world = await openOn(database.url);
    const { faults } = await verified(world);
    await world.close();
    return faults;
  } finally {
    await database.drop();
  }
}

const kindsOf = (faults: readonly Fault[]): string[] => [...new Set(faults.map(({ kind }) => kind))].sort();
const S = "rollcall_store";
const BODY_CHANGED = "set_byte(body, length(body) - 1, get_byte(body, length(body) - 1) # 1)";

describe("a verification of a PostgreSQL that was damaged by hand", () => {
  it.each<{
    readonly what: string;
    readonly sql: string;
    /** Its parameter, if it has one; also what the faults name. */
    readonly of?: keyof RichContent;
    readonly names?: keyof RichContent | "nothing";
    readonly kinds: readonly string[];
  }>([
    {
      what: "a change with a byte that was turned",
      sql: `update ${S}.entry set body = ${BODY_CHANGED} where document_id = $1 and kind = 2`,
      of: "bob",
      kinds: ["entry-damaged"],
    },
    {
      what: "a change with another hash",
      sql: `update ${S}.entry set hash = sha256(hash) where document_id = $1 and kind = 2`,
      of: "bob",
      kinds: ["entry-damaged"],
    },
    {
      what: "a change that was emptied",
      sql: `update ${S}.entry set hash = null, body = '' where document_id = $1 and kind = 3`,
      of: "full",
      kinds: ["conflict", "document", "entry-damaged", "record"],
    },
    {
      what: "an entry that says of which server its origin is",
      sql: `update ${S}.entry set body = 'eu-9' where kind = 1`,
      kinds: ["entry-damaged"],
    },
    {
      what: "a hole in the log",
      sql: `delete from ${S}.entry where kind = 5 and document_id = $1`,
      of: "banned",
      names: "nothing",
      kinds: ["entry-missing"],
    },
    {
      what: "a log that is shorter than the version vector says",
      sql: `update ${S}.origin set last_sequence = last_sequence + 3`,
      kinds: ["entry-missing", "total"],
    },
    {
      what: "a log that is longer than the version vector says",
      sql: `update ${S}.origin set last_sequence = last_sequence - 1`,
      kinds: ["entry-damaged", "total"],
    },
    {
      what: "other heads",
      sql: `update ${S}.document set heads = sha256(heads) where id = $1`,
      of: "bob",
      kinds: ["document", "total"],
    },
    {
      what: "another digest of a state",
      sql: `update ${S}.document set state_digest = sha256(state_digest) where id = $1`,
      of: "duel",
      kinds: ["document", "total"],
    },
    {
      what: "a document without its row",
      sql: `delete from ${S}.document where id = $1`,
      of: "full",
      kinds: ["conflict", "document", "total"],
    },
    {
      what: "a document that is kept as erased",
      sql: `update ${S}.document set erased = true where id = $1`,
      of: "banned",
      kinds: ["document", "total"],
    },
    {
      what: "an erased document that is kept as living",
      sql: `update ${S}.document set erased = false where id = $1`,
      of: "erased",
      kinds: ["document", "entry-damaged", "total"],
    },
    {
      what: "a player's field",
      sql: `update ${S}.player set region = 'xx' where id = $1`,
      of: "survivor",
      kinds: ["record"],
    },
    {
      what: "a column that no answer shows: the normalised name",
      sql: `update ${S}.player set username_key = 'eve' where id = $1`,
      of: "bob",
      kinds: ["record"],
    },
    {
      what: "a player's row",
      sql: `delete from ${S}.player where id = $1`,
      of: "banned",
      kinds: ["claim", "record"],
    },
    {
      what: "the row of a player who was erased",
      sql: `insert into ${S}.player select (jsonb_populate_record(p, jsonb_build_object('id', $1::text))).*
        from ${S}.player p limit 1`,
      of: "erased",
      kinds: ["record"],
    },
    {
      what: "a ban that nobody gave",
      sql: `update ${S}.player set banned_until_ms = 9999999999999 where id = $1`,
      of: "survivor",
      kinds: ["record"],
    },
    {
      what: "a merged player who survives in itself",
      sql: `update ${S}.player set survivor_id = id where id = $1`,
      of: "merged",
      kinds: ["claim", "record"],
    },
    {
      what: "a name that somebody else owns",
      sql: `update ${S}.claim set owner_id = $1, player_id = $1 where kind = 1 and key = 'twin'`,
      of: "bob",
      names: "survivor",
      kinds: ["claim"],
    },
    {
      what: "an identity that nobody owns",
      sql: `delete from ${S}.claim where kind = 2 and key = 'steam:bob'`,
      kinds: ["claim"],
    },
    {
      what: "a name that nobody claims",
      sql: `insert into ${S}.claim select kind, 'eve', owner_id, player_id, origin, stamp, value, others
        from ${S}.claim where key = 'twin'`,
      kinds: ["claim"],
    },
    {
      what: "the second claim of a name",
      sql: `update ${S}.claim set others = null where others is not null`,
      kinds: ["claim", "conflict"],
    },
    {
      what: "the seats of a match",
      sql: `update ${S}.match set seats = '[]' where id = $1`,
      of: "full",
      kinds: ["record"],
    },
    {
      what: "by which players a match is found",
      sql: `delete from ${S}.match_player where match_id = $1`,
      of: "duel",
      kinds: ["record"],
    },
    {
      what: "a conflict of a field",
      sql: `delete from ${S}.conflict where kind = 'field'`,
      kinds: ["conflict"],
    },
    {
      what: "who won a conflict of a name",
      sql: `update ${S}.conflict set body = jsonb_set(body, '{winner}', '"nobody"') where kind = 'username'`,
      kinds: ["conflict", "total"],
    },
    {
      what: "a conflict of nothing",
      sql: `insert into ${S}.conflict select gen_random_uuid(), 'field ' || gen_random_uuid(), 'field', document_ids,
        stamp, jsonb_set(jsonb_set(body, '{scope}', to_jsonb('field ' || gen_random_uuid())), '{id}', to_jsonb(gen_random_uuid()))
        from ${S}.conflict where kind = 'field' limit 1`,
      kinds: ["conflict"],
    },
    {
      what: "a row of a leaderboard",
      sql: `update ${S}.rating set mu = mu + 1 where player_id = $1`,
      of: "bob",
      kinds: ["rating", "total"],
    },
    {
      what: "what a leaderboard is sorted by",
      sql: `update ${S}.rating set rating = rating + 1 where player_id = $1`,
      of: "bob",
      kinds: ["rating"],
    },
    {
      what: "a skill after a match",
      sql: `update ${S}.match_rating set sigma = sigma / 2 where player_id = $1`,
      of: "bob",
      names: "duel",
      kinds: ["rating"],
    },
    {
      what: "a row of a leaderboard for who never played",
      sql: `insert into ${S}.rating select $1, board, mu, sigma, rating, matches, wins, losses, draws
        from ${S}.rating limit 1`,
      of: "banned",
      kinds: ["rating", "total"],
    },
    {
      what: "a whole leaderboard",
      sql: `delete from ${S}.rating_board`,
      kinds: ["rating", "total"],
    },
    {
      what: "how many documents there are",
      sql: `update ${S}.server set documents = documents + 1`,
      kinds: ["total"],
    },
    {
      what: "how many entries there are",
      sql: `update ${S}.server set entries = entries - 1`,
      kinds: ["total"],
    },
    {
      what: "the digest of the heads",
      sql: `update ${S}.server set heads_digest = sha256(heads_digest)`,
      kinds: ["total"],
    },
    {
      what: "the digest of the state",
      sql: `update ${S}.server set state_digest = sha256(state_digest)`,
      kinds: ["total"],
    },
  ])("[VER1] finds $what", async ({ sql, of, names = of ?? "nothing", kinds }) => {
    const faults = await faultsAfter(sql, of ? [content[of]] : []);
    expect(kindsOf(faults), JSON.stringify(faults, undefined, 1)).toEqual(kinds);
    if (names !== "nothing") expect(JSON.stringify(faults)).toContain(content[names]);
  });

  it("[VER1] tells neither names nor identities", async () => {
    const faults = await faultsAfter(`delete from ${S}.claim`);
    expect(faults.length).toBeGreaterThan(5);
    expect(JSON.stringify(faults)).not.toMatch(/steam|robert/i);
  });
});

describe("a verification of a whole PostgreSQL", () => {
  it("[VER1] finds nothing", async () => {
    const database = await freshDatabase(template.name);
    const world = await openOn(database.url);
    const report = await verified(world);
    const { documents, entries } = world.registry.digest();
    expect(report).toMatchObject({ faults: [], faultsFound: 0, documents, entries });
    await world.close();
    await database.drop();
  });

  it("[VER2] finds nothing while players register, change, merge, play and are erased", async () => {
    const database = await freshDatabase(template.name);
    const world = await openOn(database.url);
    let writing = true;
    let written = 0;
    const write = async (worker: number): Promise<void> => {
      const { players, matches } = world.registry;
      for (let round = 0; writing; round++) {
        const name = `w${worker}-${round}`;
        const [one, other] = await Promise.all(
          [`${name}-a`, `${name}-b`].map(async (username) => {
            const identity = { provider: "steam", subject: username };
            return (await players.register({ identity, fields: { username } }, AUTHOR)).player.id;
          }),
        );
        if (!one || !other) throw new RangeError("two were registered");
        await players.edit(one, { username: `${name}-c`, metadata: { round } }, AUTHOR);
        const { match } = await matches.create({ mode: "duel", capacity: 2, hostId: one }, AUTHOR);
        await matches.join(match.id, other, AUTHOR);
        await matches.start(match.id, AUTHOR);
        for (const id of [one, other]) {
          await matches.report(match.id, id, { [one]: 1, [other]: 2 }, AUTHOR);
        }
        if (round % 3 === 1) await players.merge(one, other, AUTHOR);
        if (round % 3 === 2) await players.erase(one, AUTHOR);
        written++;
        await turn();
      }
    };
    const writers = [1, 2, 3].map(write);
    await eventually(() => expect(written).toBeGreaterThan(20), { withinMs: 30_000 });
    for (let times = 0; times < 3; times++) {
      const before = written;
      expect((await verified(world)).faults).toEqual([]);
      expect(written, "writes go on meanwhile").toBeGreaterThan(before);
    }
    writing = false;
    await Promise.all(writers);
    await world.close();
    await database.drop();
  });
});
