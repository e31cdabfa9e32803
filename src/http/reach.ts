/** Requests that are to see what an earlier one wrote, perhaps at another server (`Rollcall-After`). */
import { parsePosition } from "../../crdt/position.ts";
import type { Registry } from "../registry/registry.ts";
import { WAIT_MS_DEFAULT } from "./contract/limits.ts";

export interface AfterHeaders {
  readonly "rollcall-after"?: string | undefined;
  readonly "rollcall-wait"?: number | undefined;
}

/** Waits for the positions that the caller has seen elsewhere, for all of them together. @throws NotReplicatedYetError */
export async function reached(registry: Registry, headers: AfterHeaders): Promise<void> {
  const positions = headers["rollcall-after"];
  if (positions === undefined) return;
  const timeoutMs = headers["rollcall-wait"] ?? WAIT_MS_DEFAULT;
  const waits = positions.split(",").map((text) => registry.reach(parsePosition(text.trim()), timeoutMs));
  await Promise.all(waits);
}
