/**
 * The signed envelope around one gossip message.
 *
 *   offset  bytes  field
 *   0       2      "RC"
 *   2       1      protocol version, 1
 *   3       1      flags: bit 0 = the payload is compressed (brotli); the others are 0
 *   4       16     incarnation of the sender
 *   20      8      counter of the incarnation, from 1, big-endian
 *   28      n      payload
 *   28 + n  16     HMAC-SHA256 over all that is before it, truncated
 *
 * Invariants: nothing of a frame is believed, remembered or expanded before its MAC is verified; `open` never
 * throws, whatever the bytes; a frame is opened at most once. The counters seen are lost with the process, and
 * with the sender heard least recently when there are too many; what that lets through a second time is
 * harmless, since the log takes every entry once.
 *
 * The MAC key is derived from the cluster's secret and the realm, so another realm's frames fail the MAC.
 * Several secrets may be valid, so that one can be changed without an outage: frames are sealed with the
 * first and opened with any. The MAC has 16 bytes: RFC 2104 (5) asks for half of the hash at least, a forger
 * can only send guesses, of which there are 2^128, and 16 bytes more would be a tenth of a small frame.
 */
import { createHmac, createSecretKey, hkdfSync, type KeyObject, timingSafeEqual } from "node:crypto";
import { LRUCache } from "lru-cache";
import { invariant, RollcallError } from "../../crdt/errors.ts";
import type { Origin } from "../../crdt/position.ts";
import { compressPayload, expandPayload, PAYLOAD_BYTES_MAX } from "./payload-compression.ts";
import { ReplayWindow } from "./replay-window.ts";

const MAGIC = Buffer.from("RC", "latin1");
const PROTOCOL_VERSION = 1;
const COMPRESSED = 1;

const VERSION_AT = 2;
const FLAGS_AT = 3;
const SENDER_AT = 4;
const COUNTER_AT = 20;
const PAYLOAD_AT = 28;
const MAC_BYTES = 16;

/** What a frame adds to its payload. */
export const FRAME_OVERHEAD_BYTES = PAYLOAD_AT + MAC_BYTES;

/** An eighth of what disconnects a subscriber that Redis waits for (8 MB for 60 s). */
export const FRAME_BYTES_MAX = 1024 * 1024;

/** Incarnations whose counters are remembered, 256 bytes each: a hundred servers with ten restarts. */
const SENDERS_REMEMBERED = 1000;

export const FRAME_REJECTIONS = [
  "truncated",
  "not-a-frame",
  "version",
  "too-large",
  "mac",
  "replayed",
  "compression",
] as const;

/** Why a frame was dropped; counted by reason. */
export type FrameRejection = (typeof FRAME_REJECTIONS)[number];

export type OpenedFrame =
  | { readonly ok: true; readonly sender: Origin; readonly payload: Uint8Array }
  | { readonly ok: false; readonly reason: FrameRejection };

export interface FrameCodec {
  /**
   * The frame around a payload, with the next counter.
   * @throws FrameTooLargeError when the frame, or the payload before compression, passes its limit.
   */
  seal(payload: Uint8Array): Uint8Array;
  /** Whether the frame says it is this server's own. Costs nothing, proves nothing: only good to ignore it. */
  isOwn(frame: Uint8Array): boolean;
  /** Checks and unwraps a frame, own ones too. The payload may be a view into it. Never throws. */
  open(frame: Uint8Array): OpenedFrame;
}

export interface FrameCodecOptions {
  /** The cluster's secrets, the one to seal with first. At least one, none empty. */
  readonly secrets: readonly string[];
  readonly realm: string;
  /** This server's own incarnation. */
  readonly incarnation: Origin;
  /** Default `FRAME_BYTES_MAX`; the same on all servers. */
  readonly frameBytesMax?: number;
}

/** A payload that does not fit a frame: the caller cuts it into several. */
export class FrameTooLargeError extends RollcallError {
  readonly code = "frame-too-large";
  readonly bytes: number;
  readonly bytesMax: number;

  constructor(part: "frame" | "payload", bytes: number, bytesMax: number) {
    super(`a ${part} of ${bytes} bytes is above the limit of ${bytesMax}`);
    this.bytes = bytes;
    this.bytesMax = bytesMax;
  }
}

export function createFrameCodec(options: FrameCodecOptions): FrameCodec {
  const { frameBytesMax = FRAME_BYTES_MAX } = options;
  const keys = options.secrets.map((secret) => deriveKey(secret, options.realm));
  invariant(keys[0], "a frame codec needs a secret");
  invariant(/^[0-9a-f]{32}$/.test(options.incarnation), "an incarnation has 32 hexadecimal digits");
  const sealingKey = keys[0];
  const ownIncarnation = Buffer.from(options.incarnation, "hex");
  const windows = new LRUCache<Origin, ReplayWindow>({ max: SENDERS_REMEMBERED });
  let counter = 0;

  function seal(payload: Uint8Array): Uint8Array {
    if (payload.length > PAYLOAD_BYTES_MAX) {
      throw new FrameTooLargeError("payload", payload.length, PAYLOAD_BYTES_MAX);
    }
    const compressed = compressPayload(payload);
    const body = compressed ?? payload;
    const length = body.length + FRAME_OVERHEAD_BYTES;
    if (length > frameBytesMax) throw new FrameTooLargeError("frame", length, frameBytesMax);
    counter += 1;
    const macAt = length - MAC_BYTES;
    const frame = Buffer.allocUnsafe(length);
    frame.set(MAGIC, 0);
    frame[VERSION_AT] = PROTOCOL_VERSION;
    frame[FLAGS_AT] = compressed === null ? 0 : COMPRESSED;
    frame.set(ownIncarnation, SENDER_AT);
    writeCounter(frame, counter);
    frame.set(body, PAYLOAD_AT);
    frame.set(macOf(frame.subarray(0, macAt), sealingKey), macAt);
    return frame;
  }

  function isOwn(frame: Uint8Array): boolean {
    return ownIncarnation.equals(frame.subarray(SENDER_AT, COUNTER_AT));
  }

  function open(bytes: Uint8Array): OpenedFrame {
    if (bytes.length > frameBytesMax) return rejected("too-large");
    if (bytes.length < FRAME_OVERHEAD_BYTES) return rejected("truncated");
    const frame = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    if (frame[0] !== MAGIC[0] || frame[1] !== MAGIC[1]) return rejected("not-a-frame");
    if (frame[VERSION_AT] !== PROTOCOL_VERSION) return rejected("version");
    const macAt = frame.length - MAC_BYTES;
    const signed = frame.subarray(0, macAt);
    const mac = frame.subarray(macAt);
    if (!keys.some((key) => timingSafeEqual(macOf(signed, key), mac))) return rejected("mac");
    const flags = frame[FLAGS_AT] ?? 0;
    if ((flags & ~COMPRESSED) !== 0) return rejected("version");
    const sender = frame.toString("hex", SENDER_AT, COUNTER_AT);
    if (!windowOf(sender).accept(readCounter(frame))) return rejected("replayed");
    const body = frame.subarray(PAYLOAD_AT, macAt);
    if (flags === 0) return { ok: true, sender, payload: body };
    const expanded = expandPayload(body);
    return expanded.ok ? { ok: true, sender, payload: expanded.payload } : rejected(expanded.reason);
  }

  function windowOf(sender: Origin): ReplayWindow {
    const known = windows.get(sender);
    if (known) return known;
    const window = new ReplayWindow();
    windows.set(sender, window);
    return window;
  }

  return { seal, isOwn, open };
}

function rejected(reason: FrameRejection): OpenedFrame {
  return { ok: false, reason };
}

/** RFC 5869 without a salt: the secret is random, and both sides must come to the same key from it alone. */
function deriveKey(secret: string, realm: string): KeyObject {
  invariant(secret !== "", "the secret of a cluster is not empty");
  return createSecretKey(Buffer.from(hkdfSync("sha256", secret, "", `rollcall gossip v1\0${realm}`, 32)));
}

function macOf(bytes: Uint8Array, key: KeyObject): Uint8Array {
  return createHmac("sha256", key).update(bytes).digest().subarray(0, MAC_BYTES);
}

/** In two halves, as a bigint would cost more than the rest of the header; nobody sends 2^53 frames. */
function writeCounter(frame: Buffer, counter: number): void {
  frame.writeUInt32BE(Math.floor(counter / 2 ** 32), COUNTER_AT);
  frame.writeUInt32BE(counter % 2 ** 32, COUNTER_AT + 4);
}

/** A counter above 2^53 comes out as no safe integer, which the replay window refuses. */
function readCounter(frame: Buffer): number {
  return frame.readUInt32BE(COUNTER_AT) * 2 ** 32 + frame.readUInt32BE(COUNTER_AT + 4);
}
