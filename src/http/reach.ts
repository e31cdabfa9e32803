/** Requests that are to see what an earlier one wrote, perhaps at another server (`Rollcall-After`). */
import { parsePosition } from "../../crdt/position.ts";
import type { Registry } from "../registry/registry.ts";
import { WAIT_MS_DEFAULT } from "./contract/limits.ts";

export interface AfterHeaders {
  readonly "rollcall-after"?: string | undefined;
  readonly "rollcall-wait"?: number | undefined;
}

/** Waits for the position that the caller has seen elsewhere. @throws NotReplicatedYetError */
export async function reached(registry: Registry, headers: AfterHeaders): Promise<void> {
  const position = headers["rollcall-after"];
  if (position === undefined) return;
  await registry.reach(parsePosition(position), headers["rollcall-wait"] ?? WAIT_MS_DEFAULT);
}
