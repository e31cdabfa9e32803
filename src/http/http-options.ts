/** What the HTTP side is made of: given by the composition root. */
import type { Logger } from "pino";
import type { DocumentId } from "../../crdt/ids.ts";
import type { Registry } from "../registry/registry.ts";
import type { Verification } from "../registry/verification/verification.ts";
import type { ClusterPort, ClusterSample } from "./cluster-port.ts";
import type { AllowedOrigins } from "./cors.ts";
import type { EventHub } from "./events/event-hub.ts";
import type { OidcIssuer } from "./sessions/id-tokens.ts";

export interface HttpOptions {
  readonly registry: Registry;
  readonly server: { readonly name: string; readonly realm: string; readonly version: string };
  readonly cluster: ClusterPort;
  /** How the cluster looked in the last hours, the oldest first. */
  readonly samples: () => readonly ClusterSample[];
  readonly verification: Pick<Verification, "start" | "latest">;
  readonly presence: PresencePort;
  readonly events: Pick<EventHub, "listen">;
  readonly readiness: () => ReadinessReport;
  readonly metrics: () => Promise<{ readonly contentType: string; readonly text: string }>;
  readonly access: AccessOptions;
  /** Requests a minute, by address and by player; trusted back ends are not limited. */
  readonly rateLimitPerMinute: number | "off";
  /** Whose pages may call from browsers. */
  readonly allowedOrigins: AllowedOrigins;
  /** Whether programs of this machine alone reach it. */
  readonly listensOnLoopback: boolean;
  /** Where the build put the operators' page; undefined: there is none. */
  readonly consoleFolder: string | undefined;
  readonly logger: Logger;
  /** The wall clock, milliseconds since 1970: only to tell what lies in the past from what does not. */
  readonly nowMs: () => number;
  /** A clock that is never set back, milliseconds: for limits. */
  readonly monotonicMs: () => number;
}

/** Where presence is told; the gossip part implements it (MAT4). */
export interface PresencePort {
  /** A player is there, for a lease from now on. Null: not said. */
  announce(presence: {
    readonly playerId: DocumentId;
    readonly matchId: DocumentId | null;
    readonly address: string | null;
  }): void;
}

export interface AccessOptions {
  /** Of trusted game back ends. */
  readonly apiKeys: readonly string[];
  /** Undefined: the operators' endpoints are closed. */
  readonly opsToken: string | undefined;
  /** Whether whoever sends no token may write like a key: for a machine of one's own. */
  readonly openWrites: boolean;
  /** The cluster's secrets, from which the keys of sessions follow: the first signs, any verifies. */
  readonly secrets: readonly string[];
  /** Whose ID tokens sign players in. */
  readonly issuers: readonly OidcIssuer[];
}

export interface ReadinessReport {
  readonly ready: boolean;
  /** What is amiss and does not keep the server from serving. */
  readonly degraded: readonly string[];
  /** Why it is not ready. Shown to everybody: no secrets, no addresses with passwords. */
  readonly reasons: readonly string[];
}
