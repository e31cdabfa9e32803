import { createHmac, hkdfSync, randomBytes } from "node:crypto";
import { brotliCompressSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  createFrameCodec,
  FRAME_BYTES_MAX,
  FRAME_OVERHEAD_BYTES,
  type FrameCodecOptions,
  FrameTooLargeError,
} from "../../src/gossip/frame.ts";
import { PAYLOAD_BYTES_MAX } from "../../src/gossip/payload-compression.ts";

const SENDER = "0123456789abcdef0123456789abcdef";
const RECEIVER = "fedcba9876543210fedcba9876543210";
const SECRET = "a secret of the cluster";

function codec(options: Partial<FrameCodecOptions> = {}) {
  return createFrameCodec({ secrets: [SECRET], realm: "main", incarnation: SENDER, ...options });
}

function receiver(options: Partial<FrameCodecOptions> = {}) {
  return codec({ incarnation: RECEIVER, ...options });
}

/** Written from the description of the layout, not with the code under test. */
function signedByHand(head: Uint8Array, payload: Uint8Array): Uint8Array {
  const key = Buffer.from(hkdfSync("sha256", SECRET, "", "rollcall gossip v1\0main", 32));
  const signed = Buffer.concat([head, payload]);
  return Buffer.concat([signed, createHmac("sha256", key).update(signed).digest().subarray(0, 16)]);
}

function headByHand({ flags = 0, counter = 1n }: { flags?: number; counter?: bigint } = {}): Uint8Array {
  const head = Buffer.alloc(28);
  head.write("RC", "latin1");
  head[2] = 1;
  head[3] = flags;
  head.write(SENDER, 4, "hex");
  head.writeBigUInt64BE(counter, 20);
  return head;
}

/** Short ones, and ones long and regular enough to be compressed. */
const payloads = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc
    .tuple(fc.uint8Array({ minLength: 1, maxLength: 60 }), fc.integer({ min: 1, max: 200 }))
    .map(([part, times]) => new Uint8Array(Buffer.concat(Array.from({ length: times }, () => part)))),
  fc.integer({ min: 1000, max: 5000 }).map((length) => new Uint8Array(randomBytes(length))),
);

describe("frame", () => {
  it("has the layout that its head describes", () => {
    const payload = Buffer.from("hello");
    expect(Buffer.from(codec().seal(payload))).toEqual(signedByHand(headByHand(), payload));
  });

  it("comes out as it went in", () => {
    const sender = codec();
    const opener = receiver();
    fc.assert(
      fc.property(payloads, (payload) => {
        const opened = opener.open(sender.seal(payload));
        expect(opened).toMatchObject({ ok: true, sender: SENDER });
        if (opened.ok) expect(Buffer.compare(opened.payload, payload)).toBe(0);
      }),
    );
  });

  it("is opened by its own sender", () => {
    const own = codec();
    expect(own.open(own.seal(Buffer.from("x")))).toMatchObject({ ok: true, sender: SENDER });
  });

  it("opens a view into a larger buffer", () => {
    const frame = codec().seal(Buffer.from("hello"));
    const larger = new Uint8Array(frame.length + 20);
    larger.set(frame, 7);
    expect(receiver().open(larger.subarray(7, 7 + frame.length))).toMatchObject({ ok: true });
  });

  it("is compressed when that saves something", () => {
    const regular = Buffer.alloc(100_000, "player");
    const random = randomBytes(100_000);
    const sender = codec();
    expect(sender.seal(regular).length).toBeLessThan(1000);
    expect(sender.seal(random).length).toBe(random.length + FRAME_OVERHEAD_BYTES);
  });

  it("is told from those of others without being opened", () => {
    const [mine, other] = [codec(), receiver()];
    const frame = mine.seal(Buffer.from("a small message"));
    expect(mine.isOwn(frame)).toBe(true);
    expect(other.isOwn(frame)).toBe(false);
    expect(mine.isOwn(frame.subarray(0, 5))).toBe(false);
  });
});

describe("a bad frame is dropped with its reason:", () => {
  it("[FRM1] altered in any byte", () => {
    fc.assert(
      fc.property(payloads, fc.nat(), fc.integer({ min: 1, max: 255 }), (payload, at, difference) => {
        const frame = Uint8Array.from(codec().seal(payload));
        const index = at % frame.length;
        frame[index] = (frame[index] ?? 0) ^ difference;
        const reason = index < 2 ? "not-a-frame" : index === 2 ? "version" : "mac";
        expect(receiver().open(frame)).toEqual({ ok: false, reason });
      }),
    );
  });

  it("altered in each byte of one frame, in each bit", () => {
    const frame = Uint8Array.from(codec().seal(Buffer.from("a small message")));
    const opener = receiver();
    for (let bit = 0; bit < frame.length * 8; bit++) {
      const altered = Uint8Array.from(frame);
      altered[bit >> 3] = (altered[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(opener.open(altered).ok, `bit ${bit}`).toBe(false);
    }
    expect(opener.open(frame).ok, "the forgeries left no trace").toBe(true);
  });

  it("[FRM1] cut anywhere, at either end, or with bytes added", () => {
    fc.assert(
      fc.property(payloads, fc.nat(), fc.uint8Array({ minLength: 1, maxLength: 9 }), (payload, at, extra) => {
        const frame = codec().seal(payload);
        const cut = at % frame.length;
        const opener = receiver();
        const reason = cut < FRAME_OVERHEAD_BYTES ? "truncated" : "mac";
        expect(opener.open(frame.subarray(0, cut))).toEqual({ ok: false, reason });
        expect(opener.open(frame.subarray(cut + 1)).ok).toBe(false);
        expect(opener.open(Buffer.concat([frame, extra])).ok).toBe(false);
        expect(opener.open(Buffer.concat([extra, frame])).ok).toBe(false);
      }),
    );
  });

  it("any bytes at all", () => {
    const opener = receiver();
    fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => !opener.open(bytes).ok));
    const headed = fc
      .uint8Array({ minLength: 16, maxLength: 400 })
      .map((rest) => Buffer.concat([headByHand(), rest]));
    fc.assert(fc.property(headed, (bytes) => !opener.open(bytes).ok));
  });

  it("signed with another secret, or for another realm", () => {
    fc.assert(
      fc.property(payloads, fc.string({ minLength: 1 }), (payload, other) => {
        fc.pre(other !== SECRET && other !== "main");
        const frame = codec().seal(payload);
        expect(receiver({ secrets: [other] }).open(frame)).toEqual({ ok: false, reason: "mac" });
        expect(receiver({ realm: other }).open(frame)).toEqual({ ok: false, reason: "mac" });
      }),
    );
  });

  it("of another protocol version, whoever signed it", () => {
    for (const version of [0, 2, 255]) {
      const head = headByHand();
      head[2] = version;
      expect(receiver().open(signedByHand(head, Buffer.from("x")))).toEqual({ ok: false, reason: "version" });
    }
  });

  it("with flags that only a newer version can have set", () => {
    const frame = signedByHand(headByHand({ flags: 2 }), Buffer.from("x"));
    expect(receiver().open(frame)).toEqual({ ok: false, reason: "version" });
  });

  it("larger than the limit", () => {
    const frame = codec().seal(randomBytes(2000));
    expect(receiver({ frameBytesMax: 2000 }).open(frame)).toEqual({ ok: false, reason: "too-large" });
    expect(receiver().open(new Uint8Array(FRAME_BYTES_MAX + 1))).toEqual({ ok: false, reason: "too-large" });
  });

  it("replayed, however the frames are ordered", () => {
    const order = fc.array(fc.nat({ max: 29 }), { minLength: 1, maxLength: 90 });
    fc.assert(
      fc.property(order, (indices) => {
        const sender = codec();
        const frames = Array.from({ length: 30 }, (_, index) => sender.seal(Uint8Array.of(index)));
        const opener = receiver();
        const seen = new Set<number>();
        for (const index of indices) {
          const opened = opener.open(frames[index] ?? new Uint8Array());
          if (seen.has(index)) expect(opened).toEqual({ ok: false, reason: "replayed" });
          else expect(opened).toMatchObject({ ok: true, payload: Buffer.of(index) });
          seen.add(index);
        }
      }),
    );
  });

  it("replayed, of as many senders as are remembered: those heard last", () => {
    const opener = receiver();
    const frames = Array.from({ length: 1001 }, (_, index) => {
      const incarnation = index.toString(16).padStart(32, "0");
      return codec({ incarnation }).seal(Buffer.from("x"));
    });
    for (const frame of frames) expect(opener.open(frame).ok).toBe(true);
    for (const frame of frames.slice(1))
      expect(opener.open(frame)).toEqual({ ok: false, reason: "replayed" });
    expect(opener.open(frames[0] ?? new Uint8Array()).ok, "the first is forgotten").toBe(true);
  });

  it("with a counter that no sender reaches", () => {
    for (const counter of [0n, 2n ** 53n, 2n ** 64n - 1n]) {
      const frame = signedByHand(headByHand({ counter }), Buffer.from("x"));
      expect(receiver().open(frame)).toEqual({ ok: false, reason: "replayed" });
    }
    const last = signedByHand(headByHand({ counter: 2n ** 53n - 1n }), Buffer.from("x"));
    expect(receiver().open(last)).toMatchObject({ ok: true });
  });

  it("compressed wrongly, or into more than a server should hold", () => {
    const broken = signedByHand(headByHand({ flags: 1 }), Buffer.from("no brotli"));
    expect(receiver().open(broken)).toEqual({ ok: false, reason: "compression" });
    const bomb = signedByHand(
      headByHand({ flags: 1 }),
      brotliCompressSync(Buffer.alloc(PAYLOAD_BYTES_MAX + 1)),
    );
    expect(bomb.length).toBeLessThan(1000);
    expect(receiver().open(bomb)).toEqual({ ok: false, reason: "too-large" });
  });
});

describe("changing the secret", () => {
  const older = "the secret until now";
  const newer = "the secret from now on";

  it("goes in three steps, during each of which all servers understand each other", () => {
    const steps = [[older], [older, newer], [newer, older], [newer]];
    for (const [index, secrets] of steps.entries()) {
      for (const others of steps.slice(Math.max(0, index - 1), index + 2)) {
        const frame = codec({ secrets }).seal(Buffer.from("hello"));
        expect(receiver({ secrets: others }).open(frame), `${secrets} to ${others}`).toMatchObject({
          ok: true,
        });
      }
    }
  });

  it("ends with the older one being refused", () => {
    const frame = codec({ secrets: [older, newer] }).seal(Buffer.from("hello"));
    expect(receiver({ secrets: [newer] }).open(frame)).toEqual({ ok: false, reason: "mac" });
  });
});

describe("sealing", () => {
  it("refuses a frame above the limit, and takes one that just fits", () => {
    const sender = codec({ frameBytesMax: 500 });
    expect(sender.seal(randomBytes(500 - FRAME_OVERHEAD_BYTES)).length).toBe(500);
    expect(() => sender.seal(randomBytes(501 - FRAME_OVERHEAD_BYTES))).toThrow(FrameTooLargeError);
    expect(() => codec().seal(randomBytes(FRAME_BYTES_MAX))).toThrow(FrameTooLargeError);
  });

  it("refuses a payload that nobody would expand", () => {
    expect(() => codec().seal(Buffer.alloc(PAYLOAD_BYTES_MAX + 1))).toThrow(FrameTooLargeError);
    expect(receiver().open(codec().seal(Buffer.alloc(PAYLOAD_BYTES_MAX)))).toMatchObject({ ok: true });
  });

  it("needs a secret and an incarnation", () => {
    expect(() => codec({ secrets: [] })).toThrow("secret");
    expect(() => codec({ secrets: [""] })).toThrow("secret");
    expect(() => codec({ incarnation: "server-1" })).toThrow("incarnation");
  });
});
