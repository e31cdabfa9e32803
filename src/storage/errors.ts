/** Why storage could not do what was asked. Classified by SQLSTATE and by what the connection did. */
import { RollcallError } from "../../crdt/errors.ts";

export abstract class StorageError extends RollcallError {}

/** Nothing was stored: the database is away, shutting down or refuses connections. */
export class DatabaseUnavailableError extends StorageError {
  readonly code = "database-unavailable";
  override readonly retryable = true;

  constructor(cause?: unknown) {
    super("this server's PostgreSQL cannot be reached; try again, or use another server", { cause });
  }
}

/** PostgreSQL gave a statement up because it took too long. Nothing was stored. */
export class DatabaseSlowError extends StorageError {
  readonly code = "database-slow";
  override readonly retryable = true;

  constructor(cause?: unknown) {
    super("this server's PostgreSQL took too long; try again in a while, or use another server", { cause });
  }
}

/** The connection was lost between the statement and its answer: stored or not, a retry is safe. */
export class OutcomeUnknownError extends StorageError {
  readonly code = "outcome-unknown";
  override readonly retryable = true;

  constructor(cause?: unknown) {
    super("the connection to PostgreSQL was lost before it answered; the write may stand, retry it", {
      cause,
    });
  }
}

/** SQLSTATE of a row that is there already. */
export const UNIQUE_VIOLATION = "23505";

/** The database refused this batch; another one may pass. Nothing was stored. */
export class BatchRefusedError extends StorageError {
  readonly code = "batch-refused";
  readonly sqlState: string;

  constructor(sqlState: string, cause: unknown) {
    super(`PostgreSQL refused a batch (SQLSTATE ${sqlState})`, { cause });
    this.sqlState = sqlState;
  }
}

/** Disk or another resource of the database is used up. Nothing was stored. */
export class StorageFullError extends StorageError {
  readonly code = "storage-full";
  override readonly retryable = true;

  constructor(cause: unknown) {
    super("this server's PostgreSQL has no room left; free some space, or use another server", { cause });
  }
}

/** Waiting will not help: the role, the database or its tables are not what this server needs. */
export class DatabaseUnusableError extends StorageError {
  readonly code = "database-unusable";

  constructor(sqlState: string, cause: unknown) {
    const said = cause instanceof Error ? cause.message : String(cause);
    super(
      `PostgreSQL does not let this server in: ${said} (SQLSTATE ${sqlState}); check ROLLCALL_DATABASE_URL`,
      {
        cause,
      },
    );
  }
}

/** Another process serves this database. */
export class DatabaseInUseError extends StorageError {
  readonly code = "database-in-use";

  constructor() {
    super("another Rollcall process is running on this database; each server needs one of its own");
  }
}

/** The database no longer has what it had committed: it was restored, or a replica that lagged took its place. */
export class DatabaseWentBackError extends StorageError {
  readonly code = "database-went-back";

  constructor() {
    super(
      "this server's PostgreSQL has lost entries that it had committed; the server has to be started again",
    );
  }
}

/** The database belongs to another realm. */
export class WrongRealmError extends StorageError {
  readonly code = "wrong-realm";

  constructor(found: string, wanted: string) {
    super(
      `this database holds realm ${JSON.stringify(found)}, not ${JSON.stringify(wanted)}; check ROLLCALL_REALM`,
    );
  }
}

/** The database is set up in a way that loses acknowledged writes. */
export class NotDurableError extends StorageError {
  readonly code = "database-not-durable";

  constructor(setting: string, value: string) {
    super(
      `PostgreSQL has ${setting} = ${value}, which loses acknowledged writes in a crash; ` +
        `set it to on, or set ROLLCALL_ALLOW_UNSAFE_DATABASE=on if you accept that`,
    );
  }
}

/** More writes are waiting than this server takes. Nothing was stored. */
export class OverloadedError extends StorageError {
  readonly code = "overloaded";
  override readonly retryable = true;

  constructor() {
    super("too many writes are waiting on this server; try again, or use another server");
  }
}
