import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BrokerUrlError, parseBrokerUrl } from "../../src/gossip/broker-url.ts";

describe("address of a broker", () => {
  it.each([
    ["redis://Example.org", "redis://example.org:6379"],
    ["REDIS://127.0.0.1:7000/3", "redis://127.0.0.1:7000"],
    ["rediss://user:p%40ss@host:1", "rediss://host:1"],
    ["redis://:p@ss/word@host", "redis://host:6379"],
    ["redis://[::1]:7000", "redis://[::1]:7000"],
    ["redis+cluster://b:2,A", "redis+cluster://a:6379,b:2"],
    ["rediss+cluster://u:p@a:1,b:2", "rediss+cluster://a:1,b:2"],
  ])("%s is shown as %s", (text, shown) => {
    expect(parseBrokerUrl(text).shown).toBe(shown);
  });

  it("gives what is needed to connect", () => {
    expect(parseBrokerUrl("rediss+cluster://us%3Aer:p%40ss@[::1]:1,b")).toEqual({
      cluster: true,
      tls: true,
      nodes: [
        { host: "::1", port: 1 },
        { host: "b", port: 6379 },
      ],
      username: "us:er",
      password: "p@ss",
      shown: "rediss+cluster://[::1]:1,b:6379",
    });
  });

  it.each([
    "",
    "host:1",
    "http://host",
    "redis://",
    "redis://host:0",
    "redis://host:65536",
    "redis://host:port",
    "redis://a,b",
    "redis://user:hunter2",
    "redis://user:hunter2%@host",
    "redis+cluster://a,,b",
  ])("refuses %j without showing credentials", (text) => {
    expect(() => parseBrokerUrl(text)).toThrow(BrokerUrlError);
    expect(() => parseBrokerUrl(text)).not.toThrow("hunter2");
  });

  it("never shows credentials", () => {
    const word = fc.string({ minLength: 4 }).filter((text) => !"redis://host:6379".includes(text));
    fc.assert(
      fc.property(word, (password) => {
        const address = parseBrokerUrl(`redis://user:${encodeURIComponent(password)}@host`);
        expect(address).toMatchObject({ shown: "redis://host:6379", username: "user", password });
      }),
    );
  });
});
