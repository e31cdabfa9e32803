/**
 * Looks at the names that servers show, after every commit, and holds them to what `confirmed` promises (CLM2), and
 * the owner of each to be the first who claimed it (CLM1).
 *
 * Once any server showed a claim as confirmed:
 * - no server that knows what that server knew shows the same claim as lost. One that knows less may: it has not
 *   heard yet that whoever came before gave the name up. Who gives a name up, is merged or erased has no claim.
 * - whoever shows somebody else as the owner of the name holds all that was stable where it was confirmed, so it has
 *   the claim and knows why it ended, or of an older one;
 * - the server that showed it does not show it as provisional again.
 */

import type { Stamp } from "../../crdt/hybrid-clock.ts";
import type { DocumentId } from "../../crdt/ids.ts";
import { normaliseUsername } from "../../crdt/username-claim.ts";
import { entriesBehind, type VersionVector } from "../../crdt/version-vector.ts";
import type { Registry } from "../../src/registry/registry.ts";
import type { UsernameStatus } from "../../src/registry/views.ts";
import type { Journal } from "./journal.ts";

interface ShownClaim {
  readonly name: string;
  readonly playerId: DocumentId;
  readonly stamp: Stamp;
  readonly status: UsernameStatus;
}

/** What a server held, and what it took to be held by all, when it was looked at. */
type Knowledge = Pick<Registry, "vector" | "stable">;

interface Confirmation {
  readonly claim: ShownClaim;
  readonly server: string;
  readonly knew: Knowledge;
}

/** More players than a run registers. */
const ALL = 1_000;

export class ClaimWatch {
  /** What broke the promise, with what led to it. */
  readonly broken: string[] = [];
  readonly faults: unknown[] = [];
  /** How many claims were ever shown as lost, by any server. */
  readonly lost = new Set<string>();
  readonly #journal: Journal;
  readonly #confirmed = new Map<string, Confirmation>();
  readonly #confirmedAt = new Map<string, Set<string>>();
  readonly #provisional = new Map<string, number>();

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  /** Claims that were shown as confirmed. */
  get confirmed(): number {
    return this.#confirmed.size;
  }

  /** Whether a server showed a claim that is not confirmed, when it was looked at last. */
  showsProvisional(server: string): boolean {
    return (this.#provisional.get(server) ?? 0) > 0;
  }

  /** To be called right after a commit: what is read is what stands there now. */
  look(server: string, registry: Registry): void {
    const { vector, stable } = registry;
    claimsShown(registry).then(
      (claims) => this.#judge(server, claims, { vector, stable }),
      (error: unknown) => this.faults.push(error),
    );
  }

  #judge(server: string, claims: readonly ShownClaim[], knows: Knowledge): void {
    this.#provisional.set(server, claims.filter(({ status }) => status === "provisional").length);
    for (const claim of claims) {
      const key = keyOf(claim);
      const owner = claims.find(({ name, status }) => name === claim.name && status !== "lost");
      if (claim.status === "lost") this.#judgeLost(server, claim, owner, knows);
      else this.#judgeOwner(server, claim, knows);
      if (claim.status !== "confirmed") continue;
      if (!this.#confirmed.has(key)) {
        this.#journal.note(server, `shows ${wordsOf(claim)}`);
        this.#confirmed.set(key, { claim, server, knew: knows });
      }
      this.#confirmedBy(server).add(key);
    }
  }

  #judgeLost(server: string, claim: ShownClaim, owner: ShownClaim | undefined, { vector }: Knowledge): void {
    this.lost.add(keyOf(claim));
    if (owner && !comesBefore(owner, claim)) {
      this.broken.push(`${server} shows ${wordsOf(claim)} to a later one, ${wordsOf(owner)}`);
    }
    const confirmation = this.#confirmed.get(keyOf(claim));
    if (!confirmation || !includes(vector, confirmation.knew.vector)) return;
    this.#break(server, claim, confirmation, owner);
  }

  #judgeOwner(server: string, claim: ShownClaim, { vector }: Knowledge): void {
    const key = keyOf(claim);
    const own = this.#confirmed.get(key);
    if (own && claim.status === "provisional" && this.#confirmedBy(server).has(key)) {
      this.#break(server, claim, own);
    }
    for (const confirmation of this.#confirmed.values()) {
      const { name, playerId } = confirmation.claim;
      if (name !== claim.name || playerId === claim.playerId) continue;
      if (!includes(vector, confirmation.knew.stable)) this.#break(server, claim, confirmation);
    }
  }

  #break(
    server: string,
    claim: ShownClaim,
    { claim: confirmed, server: by }: Confirmation,
    owner: ShownClaim = claim,
  ): void {
    const shows = [claim, ...(owner === claim ? [] : [owner])].map(wordsOf).join(" and ");
    const what = `${server} shows ${shows} after ${by} showed ${wordsOf(confirmed)}`;
    this.#journal.note(server, what);
    const story = this.#journal.about([owner.playerId, confirmed.playerId, "cluster"]);
    this.broken.push([what, ...story].join("\n"));
  }

  #confirmedBy(server: string): Set<string> {
    const keys = this.#confirmedAt.get(server) ?? new Set();
    this.#confirmedAt.set(server, keys);
    return keys;
  }
}

async function claimsShown({ players }: Registry): Promise<ShownClaim[]> {
  const { items } = await players.list({ limit: ALL });
  return items.flatMap(({ player: { id, username, usernameClaim }, usernameStatus: status }) =>
    username === null || usernameClaim === null
      ? []
      : [{ name: normaliseUsername(username), playerId: id, stamp: usernameClaim.stamp, status }],
  );
}

function comesBefore(one: ShownClaim, other: ShownClaim): boolean {
  return one.stamp === other.stamp ? one.playerId < other.playerId : one.stamp < other.stamp;
}

function keyOf({ name, playerId, stamp }: ShownClaim): string {
  return `${name} ${playerId} ${stamp}`;
}

function wordsOf({ name, playerId, stamp, status }: ShownClaim): string {
  return `"${name}" of ${playerId} (${stamp}) as ${status}`;
}

function includes(whole: VersionVector, part: VersionVector): boolean {
  return entriesBehind(whole, part) === 0;
}
