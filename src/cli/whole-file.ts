/**
 * A file that is there whole or not at all: written beside where it belongs, and renamed when its last byte is on
 * disk. What stood there before stays until then.
 *
 * What is no file (a pipe, a terminal) is written to as it comes: there is nothing to rename.
 */
import { createWriteStream } from "node:fs";
import { realpath, rename, rm, stat } from "node:fs/promises";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { CommandError } from "./command-error.ts";

/** @throws CommandError `bad-target` when it cannot be written; what `content` and `signal` fail with as it is */
export async function writeWholeFile(path: string, content: Readable, signal: AbortSignal): Promise<void> {
  const present = await kindOf(path);
  if (present === "folder") throw new CommandError("bad-target", `${path} is a folder; name a file in it`);
  if (present === "other") return write(path, content, signal);
  // A link goes on leading to the file.
  const target = present === "file" ? await realpath(path) : path;
  const draft = `${target}.${process.pid}.part`;
  try {
    await write(draft, content, signal);
    await rename(draft, target);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

async function write(path: string, content: Readable, signal: AbortSignal): Promise<void> {
  let failure: Error | undefined;
  const file = createWriteStream(path, { flush: true }).on("error", (error) => {
    failure = error;
  });
  try {
    await pipeline(content, file, { signal });
  } catch (error) {
    if (error !== failure) throw error;
    throw new CommandError("bad-target", `${path} cannot be written: ${failure?.message}`, { cause: error });
  }
}

async function kindOf(path: string): Promise<"none" | "file" | "folder" | "other"> {
  const found = await stat(path).catch(() => undefined);
  if (!found) return "none";
  if (found.isFile()) return "file";
  return found.isDirectory() ? "folder" : "other";
}
