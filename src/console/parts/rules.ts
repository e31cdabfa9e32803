/** The rules that decide conflicts, in words, each by the kind of conflict that it decides. */
import type { ConflictAnswer } from "../../http/contract/conflict.ts";

interface Rule {
  /** As a filter names it. */
  readonly name: string;
  readonly words: string;
}

export const RULES: { readonly [kind in ConflictAnswer["kind"]]: Rule } = {
  field: {
    name: "PLY1: one field, two values",
    words:
      "Of values that were set without knowing of each other, the later by Automerge's order stands; unsetting removes only what it knew of.",
  },
  username: {
    name: "CLM1: one name, two players",
    words: "A name is of the player who claimed it first; the others keep everything else.",
  },
  identity: {
    name: "CLM4: one account, two players",
    words: "An account is of the player who linked it first, until the players are merged.",
  },
  seat: {
    name: "MAT2: more players than seats",
    words: "Seats go to those who joined first, and to nobody who joined after the start.",
  },
  result: {
    name: "MAT3: different results",
    words: "What an operator settled on first stands; without that, what a majority of the seated reports.",
  },
};
