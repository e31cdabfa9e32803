/** What an error of pg means for us: by SQLSTATE where the server spoke, by its absence where it could not. */
import {
  BatchRefusedError,
  DatabaseSlowError,
  DatabaseUnavailableError,
  DatabaseUnusableError,
  OutcomeUnknownError,
  StorageError,
  StorageFullError,
} from "../errors.ts";

/** The values are at fault: cardinality, data exception, integrity constraint, program limit exceeded. */
const VALUES_AT_FAULT = /^(21|22|23|54)/;
/** Insufficient resources: disk full, out of memory, too many connections. */
const USED_UP = /^53/;
/** The session ended, or PostgreSQL says itself that it does not know: connection exceptions, shutdown. */
const SESSION_LOST = /^(08|57P0|40003)/;

/** It took longer than `statement_timeout`. */
const TIMED_OUT = "57014";

/** Wrong name or password, no such database, no right to make the tables, an unknown version of them. */
const UNUSABLE = /^(28|3D|3F|42)/;

/** Whether PostgreSQL said it and goes on listening; after any other error its session is of no use. */
export function isAnswer(error: unknown): boolean {
  const sqlState = sqlStateOf(error);
  return sqlState !== undefined && !SESSION_LOST.test(sqlState);
}

/** An error while nothing could have been stored yet. */
export function connectError(error: unknown): StorageError {
  if (error instanceof StorageError) return error;
  const sqlState = sqlStateOf(error);
  if (sqlState !== undefined && UNUSABLE.test(sqlState)) return new DatabaseUnusableError(sqlState, error);
  return new DatabaseUnavailableError(error);
}

/**
 * An error of the statement that commits a batch. Only what the values are to blame for is the batch's fault;
 * any other error that PostgreSQL answers with (cancelled, read-only, broken file) has stored nothing.
 */
export function commitError(error: unknown): StorageError {
  if (error instanceof StorageError) return error;
  const sqlState = sqlStateOf(error);
  if (sqlState === undefined || SESSION_LOST.test(sqlState)) return new OutcomeUnknownError(error);
  if (USED_UP.test(sqlState)) return new StorageFullError(error);
  if (VALUES_AT_FAULT.test(sqlState)) return new BatchRefusedError(sqlState, error);
  if (sqlState === TIMED_OUT) return new DatabaseSlowError(error);
  return new DatabaseUnavailableError(error);
}

/** An error of a query that only reads. */
export function readError(error: unknown): StorageError {
  if (error instanceof StorageError) return error;
  const sqlState = sqlStateOf(error);
  if (sqlState !== undefined && VALUES_AT_FAULT.test(sqlState)) return new BatchRefusedError(sqlState, error);
  if (sqlState === TIMED_OUT) return new DatabaseSlowError(error);
  return new DatabaseUnavailableError(error);
}

/** Undefined for errors that did not come from the server: a broken socket, a time-out. */
function sqlStateOf(error: unknown): string | undefined {
  const code = error instanceof Error && "severity" in error && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : undefined;
}
