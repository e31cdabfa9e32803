/** The kinds of record: where their documents start, and what a state of one means. The one place that lists them. */
import type { ChangeHash } from "../../crdt/change.ts";
import type { DocumentState } from "../../crdt/document.ts";
import type { FirstChange } from "../../crdt/first-change.ts";
import type { DocumentId, DocumentKind } from "../../crdt/ids.ts";
import { canonicalMatch, MATCH_FIRST_CHANGE, type Match, projectMatch } from "../../crdt/match.ts";
import { canonicalPlayer, PLAYER_FIRST_CHANGE, type Player, projectPlayer } from "../../crdt/player.ts";

/** What a document says, in no server's own view. */
export type RegistryRecord =
  | { readonly kind: "player"; readonly player: Player }
  | { readonly kind: "match"; readonly match: Match };

/** A record with the heads of its document. */
export type CurrentRecord = RegistryRecord & { readonly heads: readonly ChangeHash[] };

export function firstChangeOf(kind: DocumentKind): FirstChange {
  switch (kind) {
    case "player":
      return PLAYER_FIRST_CHANGE;
    case "match":
      return MATCH_FIRST_CHANGE;
  }
}

export function projectRecord(kind: DocumentKind, id: DocumentId, state: DocumentState): RegistryRecord {
  switch (kind) {
    case "player":
      return { kind, player: projectPlayer(id, state) };
    case "match":
      return { kind, match: projectMatch(id, state) };
  }
}

export function canonicalRecord(record: RegistryRecord): string {
  switch (record.kind) {
    case "player":
      return canonicalPlayer(record.player);
    case "match":
      return canonicalMatch(record.match);
  }
}
