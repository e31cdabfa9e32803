/**
 * What can be wrong with one direction of a TCP link, in the words of Toxiproxy
 * (https://github.com/Shopify/toxiproxy#toxics), units in the names.
 *
 * One thing differs: what a `timeout` stops is held and not dropped. A network that is split loses packets, and
 * TCP sends them again when it heals; to leave bytes out of a stream is what no network does.
 */
export type Toxic =
  /** Every piece arrives so much later, give or take the jitter, in order. */
  | { readonly type: "latency"; readonly latencyMs: number; readonly jitterMs?: number }
  | { readonly type: "bandwidth"; readonly bytesPerSecond: number }
  /** Nothing gets through; after so long the connection is closed. 0: never, it goes on when the toxic is gone. */
  | { readonly type: "timeout"; readonly timeoutMs: number }
  /** The connection is reset (RST) after so long. */
  | { readonly type: "reset_peer"; readonly timeoutMs: number }
  /** The end of the stream (FIN) arrives so much later than what was before it. */
  | { readonly type: "slow_close"; readonly delayMs: number }
  /** The connection is closed when so many bytes have passed. */
  | { readonly type: "limit_data"; readonly bytes: number };

/** `upstream`: from the client to the server; `downstream`: the other way. */
export type Direction = "upstream" | "downstream";

export type Toxics = Readonly<Record<Direction, readonly Toxic[]>>;

export const NO_TOXICS: Toxics = { upstream: [], downstream: [] };

export function bothWays(...toxics: readonly Toxic[]): Toxics {
  return { upstream: toxics, downstream: toxics };
}

/** The one of this type; of several, the first. */
export function toxicOf<T extends Toxic["type"]>(
  toxics: readonly Toxic[],
  type: T,
): Extract<Toxic, { readonly type: T }> | undefined {
  return toxics.find((toxic): toxic is Extract<Toxic, { readonly type: T }> => toxic.type === type);
}
