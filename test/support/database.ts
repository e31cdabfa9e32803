/** A database of its own for a test file, on the PostgreSQL that all files share. */
import { randomBytes } from "node:crypto";
import { inject } from "vitest";
import { createDatabase, dropDatabase } from "../../src/cli/demo/databases.ts";

export interface TestDatabase {
  readonly name: string;
  readonly url: string;
  /** Ends the sessions that are still in it. */
  drop(): Promise<void>;
}

/** Empty, or a copy of the template, to which nobody may be connected then. */
export async function freshDatabase(template?: string): Promise<TestDatabase> {
  const adminUrl = inject("adminDatabaseUrl");
  const name = `test_${randomBytes(8).toString("hex")}`;
  await createDatabase(adminUrl, name, template);
  const url = new URL(adminUrl);
  url.pathname = name;
  return { name, url: url.href, drop: () => dropDatabase(adminUrl, name) };
}
