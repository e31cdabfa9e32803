import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EventTooLargeError } from "../../../src/client/errors.ts";
import { EVENT_LENGTH_MAX, type SentEvent, SseParser } from "../../../src/client/sse-parser.ts";

function parse(...pieces: readonly string[]): SentEvent[] {
  const parser = new SseParser();
  return pieces.flatMap((piece) => parser.push(piece));
}

describe("the format", () => {
  it.each<[string, string, readonly SentEvent[]]>([
    ["an event", "id: 1\nevent: change\ndata: {}\n\n", [{ id: "1", type: "change", data: "{}" }]],
    ["one without a type", "data: x\n\n", [{ id: "", type: "message", data: "x" }]],
    ["several lines of data", "data: a\ndata: b\n\n", [{ id: "", type: "message", data: "a\nb" }]],
    [
      "no space, one space, two",
      "data:a\ndata: b\ndata:  c\n\n",
      [{ id: "", type: "message", data: "a\nb\n c" }],
    ],
    ["a field without a colon", "data\n\n", [{ id: "", type: "message", data: "" }]],
    [
      "comments and unknown fields",
      ": alive\nretry: 9\nx: y\ndata: a\n\n",
      [{ id: "", type: "message", data: "a" }],
    ],
    ["a type for one event only", "event: e\n\ndata: a\n\n", [{ id: "", type: "message", data: "a" }]],
    [
      "an id that stays",
      "id: 7\ndata: a\n\ndata: b\n\n",
      [
        { id: "7", type: "message", data: "a" },
        { id: "7", type: "message", data: "b" },
      ],
    ],
    ["an id with NUL, which is none", "id: 7\0\ndata: a\n\n", [{ id: "", type: "message", data: "a" }]],
    ["an unfinished event", "data: a\n\ndata: b\n", [{ id: "", type: "message", data: "a" }]],
  ])("%s", (_what, text, events) => {
    expect(parse(text)).toEqual(events);
  });

  it("is read the same with any line end, cut anywhere", () => {
    const lines = [
      "id: 1",
      "event: change",
      "data: {}",
      "data: é",
      "",
      ": alive",
      "",
      "id: 2",
      "data: b",
      "",
      "",
    ];
    const expected = parse(lines.join("\n"));
    expect(expected).toHaveLength(2);
    const cut = fc.tuple(
      fc.constantFrom("\n", "\r", "\r\n"),
      fc.array(fc.nat({ max: 80 }), { maxLength: 12 }),
    );
    fc.assert(
      fc.property(cut, ([lineEnd, cuts]) => {
        const text = lines.join(lineEnd);
        const places = [0, ...cuts.sort((a, b) => a - b), text.length];
        const pieces = places.slice(1).map((end, index) => text.slice(places[index], end));
        expect(parse(...pieces)).toEqual(expected);
      }),
    );
  });
});

describe("where the stream stands", () => {
  it("moves on with complete events only, or a resumed stream would miss one", () => {
    const parser = new SseParser("5");
    expect(parser.lastEventId).toBe("5");
    parser.push("id: 6\ndata: a\n");
    expect(parser.lastEventId).toBe("5");
    parser.push("\n");
    expect(parser.lastEventId).toBe("6");
  });

  it("moves on with an id that comes without an event", () => {
    const parser = new SseParser();
    expect(parser.push("id: 9\n\n")).toEqual([]);
    expect(parser.lastEventId).toBe("9");
  });
});

describe("bounds", () => {
  const PIECE = "x".repeat(100_000);

  it.each([
    ["one line without end", "data: ", PIECE],
    ["lines without end", "", `data: ${PIECE}\n`],
    ["a comment without end", ":", PIECE],
  ])("%s is given up", (_what, first, next) => {
    const parser = new SseParser();
    parser.push(first);
    expect(() => {
      for (let length = 0; length < 2 * EVENT_LENGTH_MAX; length += next.length) parser.push(next);
    }).toThrow(EventTooLargeError);
  });

  it("an event of half that passes", () => {
    expect(parse(`data: ${"x".repeat(EVENT_LENGTH_MAX / 2)}\n\n`)).toHaveLength(1);
  });
});
