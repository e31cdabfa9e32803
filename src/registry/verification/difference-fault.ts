/** What it means that a stored row is not the one that follows from the log. */
import type { RowDifference } from "../../storage/store-view.ts";
import type { Fault, FaultKind } from "./fault.ts";

const KINDS: { readonly [table in RowDifference["table"]]: FaultKind } = {
  document: "document",
  player: "record",
  match: "record",
  match_player: "record",
  claim: "claim",
  conflict: "conflict",
};

/** Keys of names and identities say who somebody is: they are not shown. */
export function differenceFault({ table, key, how }: RowDifference): Fault {
  const [id = ""] = key.split(" ");
  const isOfDocument = table !== "claim" && table !== "conflict";
  const row =
    table === "claim" ? "a row of claims" : table === "conflict" ? `conflict ${key}` : `its row of ${table}`;
  return { kind: KINDS[table], ...(isOfDocument && { documentId: id }), detail: `${row} ${words(how)}` };
}

function words(how: RowDifference["how"]): string {
  if (how === "missing") return "is missing";
  if (how === "stray") return "is there, and nothing says so";
  return `is another than what follows from the log, in ${how.columns.join(", ")}`;
}
