/** The server's log: JSON lines, or text for people. Secrets and personal data have no place in it. */
import pino, { type Logger } from "pino";
import pretty from "pino-pretty";
import type { Settings } from "./settings.ts";

export function createLogger({
  server,
  logLevel,
  logFormat,
}: Pick<Settings, "server" | "logLevel" | "logFormat">): Logger {
  const options = { level: logLevel, base: { server }, timestamp: pino.stdTimeFunctions.isoTime };
  if (logFormat === "json") return pino(options);
  return pino(options, pretty({ colorize: process.stdout.isTTY, ignore: "server,pid,hostname", sync: true }));
}
