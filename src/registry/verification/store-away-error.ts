/** A verification was given up: the database it was to look at has not answered for too long. */
import { RollcallError } from "../../../crdt/errors.ts";
import type { StorageError } from "../../storage/errors.ts";

export class StoreAwayError extends RollcallError {
  readonly code = "verification-store-away";
  override readonly retryable = true;

  constructor(waitedMs: number, cause: StorageError) {
    const minutes = Math.round(waitedMs / 60_000);
    super(
      `this server's PostgreSQL has not answered, or not in time, for ${minutes} minutes; begin the verification again once it does`,
      { cause },
    );
  }
}
