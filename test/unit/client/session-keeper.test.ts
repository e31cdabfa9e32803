import { expect, it, vi } from "vitest";
import { NoServerReachableError, ProblemError, SessionEndedError } from "../../../src/client/errors.ts";
import type { Session } from "../../../src/client/session.ts";
import { type GrantedSession, SessionKeeper } from "../../../src/client/session-keeper.ts";

const START_MS = Date.UTC(2030, 0);
const HOUR_MS = 3_600_000;
const UNAUTHORIZED = new ProblemError(
  { code: "unauthorized", status: 401, detail: "no", requestId: "r" },
  { server: "https://a.example" },
);
const UNREACHABLE = new NoServerReachableError([], 10_000);

function session(number: number, expiresAtMs: number): Session {
  return {
    token: `token-${number}`,
    refreshToken: `refresh-${number}`,
    expiresAt: new Date(expiresAtMs).toISOString(),
  };
}

/** The player's clock, and a server's that is ahead of it by so much. Each exchange gives a session of an hour. */
function world({ aheadMs = 0, kept }: { aheadMs?: number; kept?: Session } = {}) {
  const clock = { nowMs: START_MS };
  const changes: (string | undefined)[] = [];
  const grant = (number: number): GrantedSession => ({
    session: session(number, clock.nowMs + aheadMs + HOUR_MS),
    date: new Date(clock.nowMs + aheadMs).toUTCString(),
  });
  let exchanges = 0;
  const refresh = vi.fn(async (_refreshToken: string): Promise<GrantedSession> => {
    exchanges++;
    return grant(exchanges + 1);
  });
  const keeper = new SessionKeeper({
    session: kept,
    refresh,
    nowMs: () => clock.nowMs,
    onChange: (changed) => changes.push(changed?.token),
  });
  return { clock, changes, grant, refresh, keeper };
}

it("gives the token until a minute before its end, then that of a new session, which it tells of", async () => {
  const { clock, changes, grant, refresh, keeper } = world();
  keeper.start(grant(1));
  clock.nowMs += HOUR_MS - 61_000;
  expect(await keeper.token()).toBe("token-1");
  clock.nowMs += 2_000;
  expect(await keeper.token()).toBe("token-2");
  expect(refresh.mock.calls).toEqual([["refresh-1"]]);
  expect(changes).toEqual(["token-1", "token-2"]);
});

it("exchanges once for many who need a token at the same time", async () => {
  const { clock, grant, refresh, keeper } = world();
  keeper.start(grant(1));
  clock.nowMs += HOUR_MS;
  const early = Array.from({ length: 50 }, () => keeper.token());
  const refused = Array.from({ length: 50 }, () => keeper.otherThan("token-1"));
  expect(new Set(await Promise.all([...early, ...refused]))).toEqual(new Set(["token-2"]));
  expect(refresh).toHaveBeenCalledTimes(1);
});

it.each([-5 * HOUR_MS, 5 * HOUR_MS])("reckons with a server whose clock is off by %d ms", async (aheadMs) => {
  const { clock, grant, refresh, keeper } = world({ aheadMs });
  keeper.start(grant(1));
  for (let quarter = 0; quarter < 3; quarter++) {
    expect(await keeper.token()).toBe("token-1");
    clock.nowMs += HOUR_MS / 4;
  }
  expect(refresh).not.toHaveBeenCalled();
  clock.nowMs += HOUR_MS / 4;
  expect(await keeper.token()).toBe("token-2");
});

it("does not exchange a session with every call because it seems to have expired: the server says when", async () => {
  const { refresh, keeper } = world({ kept: session(1, START_MS - HOUR_MS) });
  expect(await keeper.token()).toBe("token-1");
  expect(refresh).not.toHaveBeenCalled();
  expect(await keeper.otherThan("token-1")).toBe("token-2");
});

it("has a short margin for a short session", async () => {
  const { clock, refresh, keeper } = world({ kept: session(1, START_MS + 10_000) });
  clock.nowMs += 7_000;
  expect(await keeper.token()).toBe("token-1");
  clock.nowMs += 2_000;
  await keeper.token();
  expect(refresh).toHaveBeenCalledTimes(1);
});

it("goes on with a token that is still good when no server is there, and tries again after five seconds", async () => {
  const { clock, grant, refresh, keeper } = world();
  keeper.start(grant(1));
  clock.nowMs += HOUR_MS - 30_000;
  refresh.mockRejectedValueOnce(UNREACHABLE);
  expect(await keeper.token()).toBe("token-1");
  expect(await keeper.token()).toBe("token-1");
  expect(refresh).toHaveBeenCalledTimes(1);
  clock.nowMs += 5_000;
  expect(await keeper.token()).toBe("token-2");
});

it("fails when the token is no longer good and no server is there, and keeps the session", async () => {
  const { clock, grant, refresh, keeper } = world();
  keeper.start(grant(1));
  clock.nowMs += HOUR_MS;
  refresh.mockRejectedValueOnce(UNREACHABLE);
  await expect(keeper.token()).rejects.toBe(UNREACHABLE);
  expect(await keeper.token()).toBe("token-2");
});

it("ends with the refusal to exchange it", async () => {
  const { changes, grant, refresh, keeper } = world();
  keeper.start(grant(1));
  refresh.mockRejectedValueOnce(UNAUTHORIZED);
  await expect(keeper.otherThan("token-1")).rejects.toBeInstanceOf(SessionEndedError);
  expect(await keeper.token()).toBeUndefined();
  expect(changes).toEqual(["token-1", undefined]);
});

it("does not take the new session of whoever was there before", async () => {
  const { grant, refresh, keeper } = world();
  keeper.start(grant(1));
  let answer: (granted: GrantedSession) => void = () => undefined;
  refresh.mockReturnValueOnce(
    new Promise((resolve) => {
      answer = resolve;
    }),
  );
  const waiting = keeper.otherThan("token-1");
  keeper.start(grant(7));
  answer(grant(2));
  expect(await waiting).toBe("token-7");
  expect(await keeper.token()).toBe("token-7");
});

it("gives the newer token to whoever was refused with an older one", async () => {
  const { grant, refresh, keeper } = world();
  keeper.start(grant(5));
  expect(await keeper.otherThan("token-4")).toBe("token-5");
  expect(refresh).not.toHaveBeenCalled();
});
