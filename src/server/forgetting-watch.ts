/** Tells a server that operators forgot it (MBR3): while it was away, or this very incarnation. */
import type { Logger } from "pino";
import type { Origin } from "../../crdt/position.ts";
import type { Registry } from "../registry/registry.ts";

export interface WatchOptions {
  readonly self: { readonly server: string; readonly incarnation: Origin };
  readonly registry: Pick<Registry, "forgotten" | "onCommitted">;
  readonly logger: Pick<Logger, "warn">;
  /** Told once. */
  readonly onForgotten: () => void;
}

/** To be called once the registry is open. */
export function watchForgetting({ self, registry, logger, onForgotten }: WatchOptions): void {
  let known = forgottenOf(self.server, registry);
  let told = false;
  registry.onCommitted(() => {
    if (told) return;
    if (registry.forgotten.has(self.incarnation)) {
      told = true;
      logger.warn("operators forgot this server while it ran: it begins anew; what it wrote stands");
      onForgotten();
      return;
    }
    const now = forgottenOf(self.server, registry);
    if (now > known) {
      logger.warn(
        "operators forgot this server while it was away: it has joined as new; what it wrote stands",
      );
    }
    known = now;
  });
}

/** How many of its incarnations. */
function forgottenOf(server: string, { forgotten }: WatchOptions["registry"]): number {
  return [...forgotten.values()].filter((name) => name === server).length;
}
