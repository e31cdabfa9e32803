/** Whether it is an error with this code: of the system (`ENOENT`), of PostgreSQL (an SQLSTATE). */
export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
