/** `rollcall diff`: what lies between two states of a player or match. */
import type { Command } from "commander";
import type { OperatorOptions } from "../server-options.ts";
import { documentIdOf } from "./document-id.ts";
import { diffLines } from "./document-text.ts";
import { finish, operatorCommand, show, withServer } from "./operator-session.ts";
import { wholeHeads } from "./short-hash.ts";

export function diffCommand(): Command {
  const command = operatorCommand("diff", "what reads differently between two states")
    .argument("<id>", "of a player (or username) or match")
    .argument("<from>", "hashes of changes, with commas")
    .argument("[to]", "likewise (default: as it is now)");
  return finish(command, HELP, diff);
}

function diff(options: OperatorOptions, id: string, from: string, to?: string): Promise<void> {
  return withServer(options, async (api) => {
    const documentId = await documentIdOf(id, api);
    const before = await wholeHeads(from, documentId, api);
    const after =
      to === undefined ? (await api.document(documentId)).heads : await wholeHeads(to, documentId, api);
    const found = await api.diff(documentId, before, after);
    show(options, found, (screen) => diffLines(found, screen));
  });
}

const HELP = `Hashes are those of rollcall history; their first digits are enough.

Example:
  rollcall diff ada 27d67ad6 be41014d`;
