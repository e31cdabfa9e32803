/** How signs of presence are written in a message: their number, then the fields of each. */
import { PRESENCE_ADDRESS_LENGTH_MAX, type Presence, type PresenceSign } from "./presence-board.ts";
import { fromUuid, type Value, type ValueReader } from "./value-stream.ts";

/** In one message. */
export const PRESENCE_SIGNS_MAX = 1_000;

/** Of a sign without its address: two ids, the lease and framing. */
const OVERHEAD_BYTES = 48;

/** Bytes that a sign takes on the wire, about. */
export function presenceBytes({ address }: Presence): number {
  return OVERHEAD_BYTES + Buffer.byteLength(address ?? "");
}

export function* valuesOfSigns(signs: readonly PresenceSign[]): Iterable<Value> {
  yield signs.length;
  for (const { playerId, matchId, address, leftMs } of signs) {
    yield fromUuid(playerId);
    yield matchId === null ? null : fromUuid(matchId);
    yield address;
    yield leftMs;
  }
}

/** @throws MalformedMessageError */
export function readSigns(reader: ValueReader): PresenceSign[] {
  const count = reader.count("number of signs", 0, PRESENCE_SIGNS_MAX);
  return Array.from({ length: count }, () => ({
    playerId: reader.uuid("player of a sign"),
    matchId: reader.uuidOrNull("match of a sign"),
    address: reader.textOrNull("address of a sign", PRESENCE_ADDRESS_LENGTH_MAX),
    leftMs: reader.count("lease of a sign"),
  }));
}
