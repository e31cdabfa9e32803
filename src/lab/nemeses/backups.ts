/** A database that is put back to what it was. */
import type { Server } from "../world/world.ts";
import type { Nemesis } from "./nemesis.ts";

/** The name of a copy of a server's database, in the same PostgreSQL. */
export type Backup = string;

/** Stops the server in order for as long as the copy takes. */
export async function backUp({ process, database, databaseUrl }: Server): Promise<Backup> {
  const backup = `${nameIn(databaseUrl)}_backup`;
  await process.stop();
  await database.dropDatabase(backup);
  await database.createDatabase(backup, nameIn(databaseUrl));
  await process.start();
  return backup;
}

/** The server is killed, and started again on the old copy; all that it wrote since is known to its peers alone. */
export function restoredFrom(backup: Backup, { name, process, database, databaseUrl }: Server): Nemesis {
  return {
    name: "database restored",
    target: name,
    async start() {
      await process.kill();
      await database.dropDatabase(nameIn(databaseUrl));
      await database.createDatabase(nameIn(databaseUrl), backup);
    },
    end: () => process.start(),
  };
}

function nameIn(databaseUrl: string): string {
  return new URL(databaseUrl).pathname.slice(1);
}
