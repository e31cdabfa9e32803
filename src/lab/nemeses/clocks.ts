/** A server's wall clock that is off. */
import { setTimeout as delay } from "node:timers/promises";
import { FOLLOWED_WITHIN_MS } from "../world/clock-file.ts";
import type { Server } from "../world/world.ts";
import type { Nemesis } from "./nemesis.ts";

/** By so many milliseconds, ahead if positive. */
export function clockOff(server: Server, ms: number): Nemesis {
  const set = async (offsetMs: number): Promise<void> => {
    await server.clock.setOffset(offsetMs);
    await delay(FOLLOWED_WITHIN_MS * 2);
  };
  const seconds = Math.round(ms / 1_000);
  return {
    name: `clock ${seconds > 0 ? "+" : ""}${seconds} s`,
    target: server.name,
    start: () => set(ms),
    end: () => set(0),
  };
}
