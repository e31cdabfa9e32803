/**
 * A process beside a run of the tests, in a session of its own: it waits until the run is over, which the end of its
 * input says also of a run that is killed, and sweeps up after it. A run that ends in order says so before; its
 * workers then end by themselves.
 */
import { text } from "node:stream/consumers";
import { OVER } from "./run-sweeper.ts";
import { sweep } from "./sweep.ts";

const said = await text(process.stdin);
await sweep(String(process.argv[2]), said === OVER ? ["command"] : ["worker", "command"]);
