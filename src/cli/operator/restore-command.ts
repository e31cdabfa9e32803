/** `rollcall restore`: a value of a player that lost or was overwritten is put back. */
import type { Command } from "commander";
import type { DocumentAnswer, RecordedChangeAnswer } from "../../http/contract/history.ts";
import { CommandError } from "../command-error.ts";
import type { OperatorOptions } from "../server-options.ts";
import { type Screen, screenOf } from "../text/screen.ts";
import { drawLine, drawText } from "../text/span.ts";
import { ageWords } from "../text/time-words.ts";
import { valueWords } from "../text/value-words.ts";
import { isConfirmed } from "./confirmation.ts";
import { documentIdOf } from "./document-id.ts";
import { finish, operatorCommand, show, withServer } from "./operator-session.ts";
import { changeOf, shortHash } from "./short-hash.ts";

interface RestoreOptions extends OperatorOptions {
  readonly reason?: string;
  readonly takeFrom: readonly string[];
  readonly yes?: true;
}

export function restoreCommand(): Command {
  const command = operatorCommand("restore", "put back a value that lost or was overwritten")
    .argument("<id>", "of the player, or its username")
    .argument("<path>", "which value: displayName, metadata/level")
    .argument("<change>", "the change that had set it: a hash, or its first digits")
    .option(
      "--take-from <player>",
      "who gives the username up for it, by id or name; may be repeated",
      also,
      [],
    )
    .option("--reason <text>", "why, for the audit")
    .option("--yes", "do not ask");
  return finish(command, HELP, restore);
}

function restore(options: RestoreOptions, id: string, path: string, change: string): Promise<void> {
  return withServer(options, async (api) => {
    const documentId = await documentIdOf(id, api);
    const item = await changeOf(change, documentId, api);
    const now = await api.document(documentId);
    const givers = await Promise.all(options.takeFrom.map((giver) => documentIdOf(giver, api)));
    const plan = restorePlan({ item, now, path, givers }, screenOf(process.stderr, options));
    if (!(await isConfirmed(plan, `Put it back, at ${api.url}?`, options.yes === true))) return;
    const takeFrom = givers.length === 0 ? undefined : givers;
    const player = await api.restore(documentId, {
      path,
      change: item.hash,
      takeFrom,
      reason: options.reason,
    });
    const { document } = await api.document(documentId);
    show(options, player, (screen) => drawText(`${path} is ${valueWords(document[path])} now.`, screen));
  });
}

function also(player: string, others: readonly string[]): string[] {
  return [...others, player];
}

interface RestoreFacts {
  readonly item: RecordedChangeAnswer;
  readonly now: DocumentAnswer;
  readonly path: string;
  /** Ids of the players who give the value up. */
  readonly givers: readonly string[];
}

/** What is going to be done. @throws CommandError when the change did not set the value */
export function restorePlan({ item, now, path, givers }: RestoreFacts, screen: Screen): string[] {
  const set = item.sets.find((one) => one.path === path);
  if (!set) {
    const paths = item.sets.map((one) => one.path).join(", ") || "nothing";
    throw new CommandError("refused", `change ${shortHash(item.hash)} did not set ${path}; it set ${paths}`);
  }
  const { server, at, reason } = item;
  const when = at === undefined ? "" : `, ${ageWords(at, screen.nowMs)}`;
  return [
    drawLine([{ text: `${now.kind} ${now.id}`, paint: "bold" }], screen),
    ...drawText({ text: `- ${path} is ${valueWords(now.document[path])}`, paint: "red" }, screen, 2),
    ...drawText({ text: `+ ${path} becomes ${valueWords(set.to)}`, paint: "green" }, screen, 2),
    ...drawText(
      `as change ${shortHash(item.hash)} had it (${reason ?? "change"} at ${server ?? "a server not known here"}${when})`,
      screen,
      2,
    ),
    ...givers.flatMap((giver) => drawText(`${giver} gives it up, if it has it`, screen, 2)),
  ];
}

const HELP = `It is a new change that all servers get, and that can be restored from in turn.
On a terminal it says what it will do, and asks; elsewhere it needs --yes.
A username that another player has by now is taken from it by --take-from.

Examples:
  rollcall restore ada displayName 27d67ad6 --reason "lost in a split"
  rollcall restore $LOST username 9b1c02aa --take-from $OWNER`;
