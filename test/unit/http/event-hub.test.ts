/** Listeners whose sockets take what the test lets them. */
import { EventEmitter } from "node:events";
import type { ServerResponse } from "node:http";
import { describe, expect, it } from "vitest";
import type { VersionVector } from "../../../crdt/version-vector.ts";
import { EventHub } from "../../../src/http/events/event-hub.ts";
import type { Committed } from "../../../src/registry/committed.ts";
import { idOf, originOf } from "../../support/log-fixtures.ts";

const ORIGIN = originOf(1);

class Socket extends EventEmitter {
  isFull = false;
  text = "";
  state: "open" | "ended" | "cut" = "open";

  write(text: string): boolean {
    this.text += text;
    return !this.isFull;
  }

  end(): void {
    this.state = "ended";
  }

  destroy(): void {
    this.state = "cut";
  }

  get changes(): number {
    return this.text.split("event: change\n").length - 1;
  }
}

function world(journalMax: number) {
  let tell: (committed: Committed) => void = () => undefined;
  let tick: () => void = () => undefined;
  let vector: VersionVector = new Map();
  const hub = new EventHub({
    registry: {
      get vector() {
        return vector;
      },
      onCommitted: (listener) => {
        tell = listener;
      },
      serverOf: () => "eu-1",
    },
    cluster: { members: () => [] },
    every: (_, call) => {
      tick = call;
      return () => undefined;
    },
    journalMax,
  });
  hub.start();
  let sequence = 0;
  const told = (fields: Partial<Committed>) => {
    vector = new Map([[ORIGIN, sequence]]);
    tell({ local: [], entries: 0, vector, ratingsMarked: false, changes: [], conflicts: [], ...fields });
  };
  return {
    hub,
    listen(lastEventId?: string): Socket {
      const socket = new Socket();
      hub.listen({ kind: "ops" }, lastEventId)(socket as unknown as ServerResponse);
      return socket;
    },
    commit(count: number): void {
      const changes = Array.from({ length: count }, () => {
        const position = { origin: ORIGIN, sequence: ++sequence };
        const id = idOf(sequence);
        return {
          position,
          documentId: id,
          kind: "player" as const,
          heads: [],
          erased: false,
          playerIds: [id],
        };
      });
      told({ entries: count, changes });
    },
    /** As after a commit of unknown outcome: the vector is further, and nobody says by what. */
    recover(count: number): void {
      sequence += count;
      told({});
    },
    beat: () => {
      for (let count = 0; count < 15; count++) tick();
    },
  };
}

describe("[EVT3] a listener whose socket takes no more", () => {
  it("gets nothing until it takes again, and then what came meanwhile", () => {
    const { listen, commit } = world(100);
    const socket = listen();
    socket.isFull = true;
    commit(1);
    const { text } = socket;
    commit(50);
    expect(socket.text).toBe(text);
    socket.isFull = false;
    socket.emit("drain");
    expect([socket.changes, socket.state]).toEqual([51, "open"]);
  });

  it("is cut once the journal has passed it by, and costs the others nothing", () => {
    const { hub, listen, commit } = world(100);
    const [slow, quick] = [listen(), listen()];
    slow.isFull = true;
    commit(1);
    commit(100);
    expect(hub.listeners).toBe(2);
    commit(1);
    slow.emit("drain");
    expect([slow.state, quick.state, quick.changes, hub.listeners]).toEqual(["cut", "open", 102, 1]);
  });

  it("is cut when it takes nothing from one beat to the next, and not while it takes something", () => {
    const { hub, listen, commit, beat } = world(100);
    const socket = listen();
    socket.isFull = true;
    commit(1);
    beat();
    socket.emit("drain");
    commit(1);
    beat();
    expect(socket.state).toBe("open");
    beat();
    expect([socket.state, hub.listeners]).toEqual(["cut", 0]);
  });

  it("is not written to in larger pieces than a socket takes at once", () => {
    const { listen, commit } = world(1_000);
    const socket = listen();
    const sizes: number[] = [];
    socket.write = (text) => {
      sizes.push(text.length);
      return true;
    };
    commit(1_000);
    expect(Math.max(...sizes)).toBeLessThan(20_000);
  });
});

describe("[EVT2] what was committed without its being known what", () => {
  it("is told of as a reset, also to those who come back later", () => {
    const { listen, commit, recover } = world(100);
    const socket = listen();
    commit(1);
    const [, id] = /.*id: (\S+)\nevent: change/s.exec(socket.text) ?? [];
    recover(2);
    expect(socket.text.match(/event: \w+/g)).toEqual(["event: change", "event: reset"]);
    commit(1);
    expect(listen(id).text).toContain("event: reset");
    const [, later] = /.*id: (\S+)\nevent: reset/s.exec(socket.text) ?? [];
    expect(listen(later).text.match(/event: \w+/g)).toEqual(["event: change"]);
  });

  it("is nothing where the vector stands as it stood", () => {
    const { listen, commit, recover } = world(100);
    const socket = listen();
    commit(1);
    recover(0);
    expect(socket.text).not.toContain("reset");
  });
});

describe("ids of events", () => {
  it("go on beyond what a header has room for: the incarnations heard of last count", () => {
    const { hub } = world(10);
    expect(() => hub.listen({ kind: "ops" }, `1${".0123456789abcdef-1".repeat(401)}`)).toThrow();
    expect(() => hub.listen({ kind: "ops" }, `1${".0123456789abcdef-1".repeat(400)}`)).not.toThrow();
  });
});
