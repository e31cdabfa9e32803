import { DatabaseError } from "pg";
import { describe, expect, it } from "vitest";
import { DatabaseInUseError } from "../../../src/storage/errors.ts";
import { commitError, connectError, readError } from "../../../src/storage/postgres/sql-state.ts";

function answered(code: string): DatabaseError {
  const error = new DatabaseError("said by PostgreSQL", 0, "error");
  error.code = code;
  error.severity = "ERROR";
  return error;
}

const BROKEN_SOCKET = Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" });
const TIMED_OUT = new Error("Query read timeout");

describe("an error of PostgreSQL is classified by its SQLSTATE", () => {
  it.each([
    ["21000 cardinality violation", "batch-refused", "batch-refused"],
    ["22008 datetime field overflow", "batch-refused", "batch-refused"],
    ["22021 character not in repertoire", "batch-refused", "batch-refused"],
    ["22P05 untranslatable character", "batch-refused", "batch-refused"],
    ["23505 unique violation", "batch-refused", "batch-refused"],
    ["54000 program limit exceeded", "batch-refused", "batch-refused"],
    ["53100 disk full", "storage-full", "database-unavailable"],
    ["53200 out of memory", "storage-full", "database-unavailable"],
    ["53300 too many connections", "storage-full", "database-unavailable"],
    ["08006 connection failure", "outcome-unknown", "database-unavailable"],
    ["57P01 admin shutdown", "outcome-unknown", "database-unavailable"],
    ["57P02 crash shutdown", "outcome-unknown", "database-unavailable"],
    ["57P03 cannot connect now", "outcome-unknown", "database-unavailable"],
    ["40003 statement completion unknown", "outcome-unknown", "database-unavailable"],
    ["57014 query canceled", "database-slow", "database-slow"],
    ["25006 read only transaction", "database-unavailable", "database-unavailable"],
    ["28P01 invalid password", "database-unavailable", "database-unavailable"],
    ["3D000 no such database", "database-unavailable", "database-unavailable"],
    ["40001 serialization failure", "database-unavailable", "database-unavailable"],
    ["42P01 undefined table", "database-unavailable", "database-unavailable"],
    ["58030 io error", "database-unavailable", "database-unavailable"],
    ["XX001 data corrupted", "database-unavailable", "database-unavailable"],
  ])("%s: a commit %s, a read %s", (state, commit, read) => {
    const error = answered(state.slice(0, 5));
    expect(commitError(error)).toMatchObject({ code: commit, cause: error });
    expect(readError(error)).toMatchObject({ code: read, cause: error });
    const isUnusable = /^(28|3D|42)/.test(state);
    const connect = isUnusable ? "database-unusable" : "database-unavailable";
    expect(connectError(error)).toMatchObject({ code: connect, retryable: !isUnusable, cause: error });
  });

  it.each([
    ["a broken socket", BROKEN_SOCKET],
    ["a time-out", TIMED_OUT],
    ["what is no error", "text"],
  ])("%s: after a statement was sent nobody knows", (_, error) => {
    expect(commitError(error)).toMatchObject({ code: "outcome-unknown", retryable: true, cause: error });
    expect(readError(error)).toMatchObject({ code: "database-unavailable", retryable: true, cause: error });
    expect(connectError(error)).toMatchObject({ code: "database-unavailable", cause: error });
  });

  it("leaves what is classified already as it is, and keeps the state of what was refused", () => {
    const error = new DatabaseInUseError();
    for (const classify of [commitError, connectError, readError]) expect(classify(error)).toBe(error);
    expect(commitError(answered("23505"))).toMatchObject({ sqlState: "23505", retryable: false });
  });
});
