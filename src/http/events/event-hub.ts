/**
 * Events for all who listen: what commits changed, the conflicts that came of them, how members are doing.
 *
 * - EVT1: an event is told after its commit, to operators all, to a player those of what is its own.
 * - EVT2: a stream goes on after any id that any server gave, or begins with `reset` where it cannot.
 * - EVT3: listeners cost the memory of their sockets; there are so many at most, and so many of a player.
 */
import type { ServerResponse } from "node:http";
import { LRUCache } from "lru-cache";
import { canonicalConflict } from "../../../crdt/conflict.ts";
import { entriesBehind, type VersionVector } from "../../../crdt/version-vector.ts";
import type { Committed } from "../../registry/committed.ts";
import type { Registry } from "../../registry/registry.ts";
import type { ClusterPort } from "../cluster-port.ts";
import type { MemberEvent } from "../contract/event.ts";
import { NotReadyError, TooManyListenersError } from "../errors.ts";
import { parseEventId, type Told } from "./event-id.ts";
import { EventJournal } from "./event-journal.ts";
import { type Audience, EventStream } from "./event-stream.ts";

export interface EventHubOptions {
  readonly registry: Pick<Registry, "onCommitted" | "vector" | "serverOf">;
  readonly cluster: Pick<ClusterPort, "members">;
  /** Calls again and again until the returned function is called. */
  readonly every: (ms: number, call: () => void) => () => void;
  /** Events that are kept for those who come back or are a little slow. */
  readonly journalMax?: number;
  readonly listenersMax?: number;
}

/** Two seconds of a server at its fastest, hours of a usual one; some megabytes. */
const JOURNAL_MAX = 20_000;
/** Each looks at each event. */
const LISTENERS_MAX = 1_000;
/** A player's devices; the oldest stream ends for a new one, as the one that is left after a lost connection. */
const OF_PLAYER_MAX = 4;
const TICK_MS = 1_000;
/** Proxies commonly end what is silent for a minute. */
const BEAT_TICKS = 15;
/** As long as the token that opened it is good: 15 minutes. */
const OF_PLAYER_TICKS_MAX = 15 * 60;
/** That were told lately: a conflict is stored again with each change of its record. */
const CONFLICTS_MAX = 10_000;

interface Listening {
  readonly stream: EventStream;
  ticks: number;
}

export class EventHub {
  readonly #options: EventHubOptions;
  readonly #listening = new Set<Listening>();
  readonly #conflicts = new LRUCache<string, true>({ max: CONFLICTS_MAX });
  readonly #members = new Map<string, MemberEvent>();
  #journal: EventJournal | undefined;
  #committed: VersionVector = new Map();
  #stopTicking: (() => void) | undefined;

  constructor(options: EventHubOptions) {
    this.#options = options;
  }

  /** To be called once the registry is open. */
  start(): void {
    const { registry, every, journalMax = JOURNAL_MAX } = this.#options;
    const journal = new EventJournal(journalMax, registry.vector);
    this.#journal = journal;
    this.#committed = registry.vector;
    registry.onCommitted((committed) => this.#commit(journal, committed));
    this.#watchMembers(journal);
    this.#stopTicking = every(TICK_MS, () => this.#tick(journal));
  }

  /** Ends all streams, and takes no more. */
  close(): void {
    this.#stopTicking?.();
    this.#journal = undefined;
    for (const { stream } of this.#listening) stream.end();
  }

  get listeners(): number {
    return this.#listening.size;
  }

  /**
   * What a listener is told on its response, from now on or after an event of an earlier stream.
   * @throws NotReadyError, TooManyListenersError, MalformedEventIdError
   */
  listen(audience: Audience, lastEventId: string | undefined): (response: ServerResponse) => void {
    const told = lastEventId === undefined || lastEventId === "" ? undefined : parseEventId(lastEventId);
    if (!this.#journal) throw new NotReadyError([]);
    if (this.#listening.size >= (this.#options.listenersMax ?? LISTENERS_MAX))
      throw new TooManyListenersError();
    return (response) => this.#open(response, audience, told);
  }

  #open(response: ServerResponse, audience: Audience, told: Told | undefined): void {
    const journal = this.#journal;
    if (!journal) return void response.end();
    if (audience.kind === "player") this.#makeRoom(audience.id);
    const { registry } = this.#options;
    const stream = new EventStream({
      response,
      audience,
      journal,
      told,
      held: () => registry.vector,
      serverOf: (origin) => registry.serverOf(origin),
      onEnd: () => this.#listening.delete(listening),
    });
    const listening: Listening = { stream, ticks: 0 };
    this.#listening.add(listening);
    stream.begin([...this.#members.values()]);
  }

  #makeRoom(playerId: string): void {
    const own = [...this.#listening].filter(
      ({ stream: { audience } }) => audience.kind === "player" && audience.id === playerId,
    );
    for (const { stream } of own.slice(0, Math.max(0, own.length - OF_PLAYER_MAX + 1))) stream.end();
  }

  #commit(journal: EventJournal, { vector, entries, changes, conflicts }: Committed): void {
    const isKnown = entries > 0 || entriesBehind(this.#committed, vector) === 0;
    this.#committed = vector;
    // What is in the database after a commit of unknown outcome was never told of.
    if (!isKnown) journal.leap(vector);
    for (const conflict of conflicts) {
      const text = canonicalConflict(conflict);
      if (this.#conflicts.has(text)) continue;
      this.#conflicts.set(text, true);
      journal.append({ type: "conflict", conflict, held: vector });
    }
    for (const change of changes) journal.append({ type: "change", change });
    this.#advance();
  }

  #tick(journal: EventJournal): void {
    this.#watchMembers(journal);
    this.#advance();
    for (const listening of this.#listening) {
      const { stream } = listening;
      listening.ticks++;
      const isPlayers = stream.audience.kind === "player";
      if (isPlayers && listening.ticks >= OF_PLAYER_TICKS_MAX) stream.end();
      else if (listening.ticks % BEAT_TICKS === 0) stream.beat();
    }
  }

  #watchMembers(journal: EventJournal): void {
    const members = this.#options.cluster.members();
    for (const { name, incarnation, state } of members) {
      const known = this.#members.get(name);
      if (known?.incarnation === incarnation && known.state === state) continue;
      const member = { name, incarnation, state };
      this.#members.set(name, member);
      journal.append({ type: "member", member });
    }
    if (members.length === this.#members.size) return;
    const names = new Set(members.map(({ name }) => name));
    for (const [name, member] of this.#members) {
      if (names.has(name)) continue;
      this.#members.delete(name);
      journal.append({ type: "member", member: { ...member, state: "forgotten" } });
    }
  }

  #advance(): void {
    for (const { stream } of this.#listening) stream.advance();
  }
}
