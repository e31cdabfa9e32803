/**
 * Whom PostgreSQL runs as. It refuses to run as root, so for root somebody else has to be found: the owner of
 * the data if there is some already, otherwise `nobody`. Anyone else runs it as themselves.
 */
import { execFile } from "node:child_process";
import { stat } from "node:fs/promises";
import { promisify } from "node:util";
import { hasCode } from "./error-code.ts";
import { LocalProcessError } from "./local-process-error.ts";

export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** Nothing: as ourselves. */
export async function accountFor(dataFolder: string): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const owner = await ownerOf(dataFolder);
  return owner !== undefined && owner.uid !== 0 ? owner : nobody();
}

/** Nothing, if there is no such folder. */
export async function ownerOf(folder: string): Promise<Account | undefined> {
  try {
    const { uid, gid } = await stat(folder);
    return { uid, gid };
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

async function nobody(): Promise<Account> {
  const [uid, gid] = await Promise.all([idOf("-u"), idOf("-g")]);
  return { uid, gid };
}

async function idOf(kind: "-u" | "-g"): Promise<number> {
  try {
    const { stdout } = await promisify(execFile)("id", [kind, "nobody"]);
    return Number.parseInt(stdout, 10);
  } catch (error) {
    throw new LocalProcessError(
      "not-available",
      "PostgreSQL does not run as root, and this machine has no user nobody to run it as: start as an ordinary user",
      error,
    );
  }
}
