/** Why something cannot be done to a player. */
import { RollcallError } from "./errors.ts";
import type { DocumentId, Identity } from "./ids.ts";

/** CLM3: the name is owned by somebody else, as far as this server can see. */
export class NameTakenError extends RollcallError {
  readonly code = "name-taken";
  readonly username: string;

  constructor(username: string) {
    super(`the name ${JSON.stringify(username)} belongs to another player`);
    this.username = username;
  }
}

/** CLM1: the player owns the name, and would lose it by spelling it otherwise: somebody else claims it too. */
export class NameContestedError extends RollcallError {
  readonly code = "name-contested";

  constructor(username: string) {
    super(
      `another player claims the name too, and would own it if it were claimed anew as ${JSON.stringify(username)}; ` +
        "keep its spelling, or take another name",
    );
  }
}

/** CLM4: the account is linked to somebody else, as far as this server can see. */
export class IdentityTakenError extends RollcallError {
  readonly code = "identity-taken";
  readonly identity: Identity;

  constructor({ provider, subject }: Identity) {
    super(`the account ${JSON.stringify(subject)} at ${provider} belongs to another player`);
    this.identity = { provider, subject };
  }
}

export class MergeIntoItselfError extends RollcallError {
  readonly code = "merge-into-itself";

  constructor(id: DocumentId) {
    super(`player ${id} cannot be merged into itself`);
  }
}

export class BanNotFoundError extends RollcallError {
  readonly code = "ban-not-found";

  constructor(playerId: DocumentId, banId: string) {
    super(`player ${playerId} has no ban ${JSON.stringify(banId)}`);
  }
}

/** ERA1: the player is gone for ever, and its id with it. */
export class PlayerErasedError extends RollcallError {
  readonly code = "player-erased";

  constructor(id: DocumentId) {
    super(`player ${id} was erased`);
  }
}
