/**
 * A name that changes hands because an operator says so (CLM3, HIS3): those give it up who claimed it earlier than
 * the one for whom it is taken. It is decided where it is written, in one batch, so that nobody has given it up for
 * nothing: a claim that came meanwhile is seen, and none can come in between.
 */
import type { Claim } from "../../crdt/claim.ts";
import type { Write } from "../../crdt/document.ts";
import type { DocumentId } from "../../crdt/ids.ts";
import { NameContestedError, NameTakenError } from "../../crdt/player-errors.ts";
import type { OtherWrites } from "./task.ts";

const GIVE_UP: readonly Write[] = [{ map: null, key: "username", value: null }];

export interface Handover {
  readonly name: string;
  readonly forId: DocumentId;
  /** Who may be made to give it up. */
  readonly from: ReadonlySet<DocumentId>;
}

/**
 * What those write who give the name up, the owner last, so that it changes hands once wherever it is heard of in
 * pieces.
 * @param claims All live claims on the name, the owner's first.
 * @throws NameTakenError when one of them may not be made to, NameContestedError
 */
export function givingUp({ name, forId, from }: Handover, claims: readonly Claim[]): OtherWrites[] {
  const place = claims.findIndex(({ playerId }) => playerId === forId);
  const [ahead, own] = place < 0 ? [claims, []] : [claims.slice(0, place), claims.slice(place)];
  if (!ahead.every(({ playerId }) => from.has(playerId))) throw new NameTakenError(name);
  requireSameSpelling(name, own);
  return ahead.map(({ playerId }) => ({ documentId: playerId, writes: GIVE_UP })).reverse();
}

/** Spelt otherwise it would be claimed anew, behind those who lost it. */
function requireSameSpelling(name: string, [mine, ...behind]: readonly Claim[]): void {
  if (mine && behind.length > 0 && mine.value !== name) throw new NameContestedError(name);
}
