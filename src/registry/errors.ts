/** What the registry refuses, as its callers see it. */
import { RollcallError } from "../../crdt/errors.ts";

export class PlayerNotFoundError extends RollcallError {
  readonly code = "player-not-found";

  constructor(id: string) {
    super(`there is no player ${id} on this server`);
  }
}

export class MatchNotFoundError extends RollcallError {
  readonly code = "match-not-found";

  constructor(id: string) {
    super(`there is no match ${id} on this server`);
  }
}

export class DocumentNotFoundError extends RollcallError {
  readonly code = "document-not-found";

  constructor(id: string) {
    super(`there is no player and no match ${id} on this server`);
  }
}

/** No server of this name is known here. */
export class MemberNotFoundError extends RollcallError {
  readonly code = "member-not-found";

  constructor(name: string) {
    super(`no server ${name} is known to this one`);
  }
}

/** It is heard, so it is not gone. */
export class MemberAliveError extends RollcallError {
  readonly code = "member-alive";

  constructor(name: string) {
    super(`${name} is heard by this server; stop it for good before it is forgotten`);
  }
}

export class PlayerBannedError extends RollcallError {
  readonly code = "player-banned";

  constructor(id: string) {
    super(`player ${id} is banned`);
  }
}

/** The player whom the identity once registered has it no more. */
export class IdentityGivenUpError extends RollcallError {
  readonly code = "identity-given-up";

  constructor() {
    super("its player gave this identity up; link it again as that player, or register by another one");
  }
}

/** The key names another request (IDM2). */
export class IdempotencyKeyReusedError extends RollcallError {
  readonly code = "idempotency-key-reused";

  constructor() {
    super(
      "this Idempotency-Key was sent with another request; make a new one for each thing that you want done",
    );
  }
}

/** The record changed since the caller read it (`If-Match`). */
export class PreconditionFailedError extends RollcallError {
  readonly code = "precondition-failed";

  constructor() {
    super("the record has changed since it was read; read it again");
  }
}

/** The server that was asked has not got the position yet. */
export class NotReplicatedYetError extends RollcallError {
  readonly code = "not-replicated-yet";
  override readonly retryable = true;

  constructor(position: string, waitedMs: number) {
    super(`position ${position} has not reached this server within ${waitedMs} ms; try again`);
  }
}

/** The edit would give a player more metadata than it may have. */
export class MetadataFullError extends RollcallError {
  readonly code = "metadata-full";

  constructor(keysMax: number) {
    super(`a player may have ${keysMax} keys of metadata; unset some by setting them to null`);
  }
}

/** A match whose lease has run out stays open for now (MAT4); `cause` is why. */
export class MatchNotExpiredError extends RollcallError {
  readonly code = "match-not-expired";
  override readonly retryable = true;

  constructor(id: string, cause: unknown) {
    super(`match ${id} could not be expired; the next sweep tries again`, { cause });
  }
}
