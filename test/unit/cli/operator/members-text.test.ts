import { expect, it } from "vitest";
import { memberLines } from "../../../../src/cli/operator/members-text.ts";
import { HOSTILE } from "../../../support/lab-run.ts";
import { ago, clusterOf, member } from "../../../support/operator-answers.ts";
import { screen, shown } from "../../../support/screens.ts";

const CLUSTER = clusterOf("server-2", [
  member("server-3", { state: "down", lastHeardAt: ago(3_600), entriesBehind: 1_234, secondsBehind: 3_601 }),
  member("server-1", { clockOffsetMs: 2_500, queues: {} }),
  member(HOSTILE, { state: "starting", lastHeardAt: null, secondsBehind: null, clockOffsetMs: null }),
]);

it("is a row a member, the one that was asked first, and its brokers", () => {
  expect(shown(memberLines(CLUSTER, screen(120)))).toMatchInlineSnapshot(`
    "
    server-2 of realm game, version 0.1.0, sees:
    member                              state     heard    behind     for      clock  waiting
    server-2                            alive     itself        0     0 s       0 ms  nothing
    <script>alert("1")</script>'&�[31m  starting  never         0       ?          ?  nothing
    server-1                            alive     0 s ago       0     0 s  +2,500 ms  nothing
    server-3                            down      1 h ago   1,234  60 min      -1 ms  nothing

    broker                  whose     state
    redis://a.example:6379  its own   subscribed
    redis://b.example:6379  a peer's  subscribed
    redis://c.example:6379  a peer's  lost
    "
  `);
});

it("fits 80 columns", () => {
  expect(shown(memberLines(CLUSTER, screen(80)))).toMatchInlineSnapshot(`
    "
    server-2 of realm game, version 0.1.0, sees:
    member                              state     heard    behind     for      clock
    server-2                            alive     itself        0     0 s       0 ms
    <script>alert("1")</script>'&�[31m  starting  never         0       ?          ?
    server-1                            alive     0 s ago       0     0 s  +2,500 ms
    server-3                            down      1 h ago   1,234  60 min      -1 ms

    broker                  whose     state
    redis://a.example:6379  its own   subscribed
    redis://b.example:6379  a peer's  subscribed
    redis://c.example:6379  a peer's  lost
    "
  `);
});

it("has colours on a terminal", () => {
  expect(shown(memberLines(CLUSTER, screen(80, { colors: true })))).toMatchInlineSnapshot(`
    "
    ␛[1mserver-2␛[22m of realm game, version 0.1.0, sees:
    ␛[2mmember␛[22m                              ␛[2mstate␛[22m     ␛[2mheard␛[22m    ␛[2mbehind␛[22m     ␛[2mfor␛[22m      ␛[2mclock␛[22m
    ␛[1mserver-2␛[22m                            ␛[32malive␛[39m     itself        0     0 s       0 ms
    ␛[1m<script>alert("1")</script>'&�[31m␛[22m  ␛[33mstarting␛[39m  never         0       ?          ?
    ␛[1mserver-1␛[22m                            ␛[32malive␛[39m     0 s ago       0     0 s  ␛[31m+2,500 ms␛[39m
    ␛[1mserver-3␛[22m                            ␛[31mdown␛[39m      1 h ago   ␛[33m1,234␛[39m  60 min      -1 ms

    ␛[2mbroker␛[22m                  ␛[2mwhose␛[22m     ␛[2mstate␛[22m
    redis://a.example:6379  its own   ␛[32msubscribed␛[39m
    redis://b.example:6379  a peer's  ␛[32msubscribed␛[39m
    redis://c.example:6379  a peer's  ␛[31mlost␛[39m
    "
  `);
});
