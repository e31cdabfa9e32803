/** `rollcall show`: a player or match as it is, or as it was. */
import type { Command } from "commander";
import type { OperatorOptions } from "../server-options.ts";
import { documentIdOf } from "./document-id.ts";
import { documentLines } from "./document-text.ts";
import { finish, operatorCommand, show, withServer } from "./operator-session.ts";
import { wholeHeads } from "./short-hash.ts";

interface ShowOptions extends OperatorOptions {
  readonly at?: string;
}

export function showCommand(): Command {
  const command = operatorCommand("show", "a player or match as it is, or as it was")
    .argument("<id>", "its id, or a player's username")
    .option("--at <heads>", "as of these changes and all before: hashes, with commas");
  return finish(command, HELP, showDocument);
}

function showDocument(options: ShowOptions, id: string): Promise<void> {
  return withServer(options, async (api) => {
    const documentId = await documentIdOf(id, api);
    const at = options.at === undefined ? undefined : await wholeHeads(options.at, documentId, api);
    const document = await api.document(documentId, at);
    show(options, document, (screen) => documentLines(document, screen));
  });
}

const HELP = `Hashes are those of rollcall history; their first digits are enough.

Example:
  rollcall show ada --at 27d67ad6,be41014d`;
