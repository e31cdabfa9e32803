/** The end of a log, from a given place on: what to show of a process that failed to start. */
import { open } from "node:fs/promises";

const TAIL_BYTES_MAX = 4096;
const TAIL_LINES_MAX = 20;

export async function readLogTail(path: string, fromByte: number): Promise<string> {
  const file = await open(path, "r");
  try {
    const { size } = await file.stat();
    const start = Math.max(fromByte, size - TAIL_BYTES_MAX);
    const bytes = Buffer.alloc(Math.max(0, size - start));
    await file.read(bytes, 0, bytes.length, start);
    const lines = bytes.toString("utf8").trimEnd().split("\n");
    return lines.slice(-TAIL_LINES_MAX).join("\n") || "(nothing)";
  } finally {
    await file.close();
  }
}
