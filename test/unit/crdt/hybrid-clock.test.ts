import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MalformedTextError } from "../../../crdt/errors.ts";
import {
  FOLLOWED_MS_MAX,
  laterStamp,
  nextStamp,
  parseStamp,
  STAMP_ZERO,
  stampMs,
} from "../../../crdt/hybrid-clock.ts";
import { seeded } from "../../support/seeded.ts";

/** 2023-11-14T22:13:20Z. */
const WALL_MS = 1_700_000_000_000;
const AT_WALL = "018bcfe568000000";

const hexDigits = (length: number): fc.Arbitrary<string> =>
  fc
    .array(fc.constantFrom(..."0123456789abcdef"), { minLength: length, maxLength: length })
    .map((d) => d.join(""));

const anyStamp = fc.oneof(
  hexDigits(16),
  hexDigits(4).map((counter) => FOLLOWED_MS_MAX.toString(16) + counter),
  hexDigits(5).map((low) => `018bcfe5680${low}`),
);

const anyWallMs = fc.oneof(
  fc.double(),
  fc.integer({ min: WALL_MS - 50, max: WALL_MS + 50 }),
  fc.constant(WALL_MS),
);

const events = fc.array(
  fc.oneof(
    fc.record({ type: fc.constant("tick" as const), wallMs: anyWallMs }),
    fc.record({ type: fc.constant("receive" as const), stamp: anyStamp }),
  ),
  { maxLength: 60 },
);

describe("hybrid clock", () => {
  it("[CLK1] follows the wall clock while that goes on", () => {
    expect(nextStamp(STAMP_ZERO, WALL_MS)).toBe(AT_WALL);
    expect(nextStamp(AT_WALL, WALL_MS + 1.9)).toBe("018bcfe568010000");
    expect(stampMs(AT_WALL)).toBe(WALL_MS);
  });

  it("[CLK1] counts while the wall clock stands or goes back", () => {
    expect(nextStamp(AT_WALL, WALL_MS)).toBe("018bcfe568000001");
    expect(nextStamp("018bcfe568000009", WALL_MS - 86_400_000)).toBe("018bcfe56800000a");
  });

  it("[CLK1] takes the next millisecond when the counter is full", () => {
    expect(nextStamp("018bcfe56800ffff", WALL_MS)).toBe("018bcfe568010000");
  });

  it("[CLK1] goes on from the later of its own and a received stamp", () => {
    expect(laterStamp(AT_WALL, "018bcfe568000005")).toBe("018bcfe568000005");
    expect(laterStamp("018bcfe568000005", AT_WALL)).toBe("018bcfe568000005");
    expect(laterStamp(AT_WALL, "")).toBe(AT_WALL);
  });

  it("[CLK1] never goes back, and exceeds what it received, whatever clocks say", () => {
    fc.assert(
      fc.property(events, (happened) => {
        let clock = STAMP_ZERO;
        let latest = STAMP_ZERO;
        for (const event of happened) {
          if (event.type === "receive") {
            clock = laterStamp(clock, event.stamp);
            if (stampMs(event.stamp) <= FOLLOWED_MS_MAX && event.stamp > latest) latest = event.stamp;
          } else {
            clock = nextStamp(clock, event.wallMs);
            expect(parseStamp(clock)).toBe(clock);
            expect(clock > latest, `${clock} is later than ${latest}`).toBe(true);
            latest = clock;
          }
        }
      }),
      seeded(500),
    );
  });

  it("[CLK1] follows no clock past the year 9999, and has room to go on after it", () => {
    expect(new Date(FOLLOWED_MS_MAX).toISOString()).toBe("9999-12-31T23:59:59.999Z");
    expect(laterStamp(AT_WALL, "ffffffffffffffff")).toBe(AT_WALL);
    expect(nextStamp(AT_WALL, Number.POSITIVE_INFINITY)).toBe("e677d21fdbff0000");
    expect(nextStamp(AT_WALL, Number.NaN)).toBe("018bcfe568000001");
    expect(laterStamp(AT_WALL, "e677d21fdbffffff")).toBe("e677d21fdbffffff");
    expect(nextStamp("e677d21fdbffffff", WALL_MS)).toBe("e677d21fdc000000");
  });

  it.each([
    "",
    "018bcfe56800000",
    "018bcfe5680000000",
    "018BCFE568000000",
    "018bcfe56800000g",
    `${AT_WALL}\n`,
  ])("[CLK1] %j is no stamp", (text) => {
    expect(() => parseStamp(text)).toThrow(MalformedTextError);
  });
});
