/** What an error of pg means for us: by SQLSTATE where the server spoke, by its absence where it could not. */
import {
  BatchRefusedError,
  DatabaseUnavailableError,
  OutcomeUnknownError,
  StorageError,
  StorageFullError,
} from "../errors.ts";

/** Connection exceptions, insufficient privilege to connect, shutdown and start-up of the server. */
const UNAVAILABLE = /^(08|28|3D|57P0)/;
/** Insufficient resources: disk full, out of memory, too many connections. */
const USED_UP = /^53/;

/** An error while nothing could have been stored yet. */
export function connectError(error: unknown): StorageError {
  return error instanceof StorageError ? error : new DatabaseUnavailableError(error);
}

/** An error of the statement that commits a batch. */
export function commitError(error: unknown): StorageError {
  if (error instanceof StorageError) return error;
  const sqlState = sqlStateOf(error);
  if (sqlState === undefined) return new OutcomeUnknownError(error);
  if (USED_UP.test(sqlState)) return new StorageFullError(error);
  if (UNAVAILABLE.test(sqlState)) return new OutcomeUnknownError(error);
  return new BatchRefusedError(sqlState, error);
}

/** An error of a query that only reads. */
export function readError(error: unknown): StorageError {
  if (error instanceof StorageError) return error;
  const sqlState = sqlStateOf(error);
  if (sqlState === undefined || UNAVAILABLE.test(sqlState) || USED_UP.test(sqlState)) {
    return new DatabaseUnavailableError(error);
  }
  return new BatchRefusedError(sqlState, error);
}

/** Undefined for errors that did not come from the server: a broken socket, a time-out. */
function sqlStateOf(error: unknown): string | undefined {
  const code = error instanceof Error && "severity" in error && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : undefined;
}
