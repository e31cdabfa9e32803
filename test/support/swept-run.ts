/**
 * A process that is to a sweeper what a run of the tests is: with an engine and a command under way, it says their
 * pids and its folder, and waits; told to end, it does so in order, but for these.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { startLocalBroker } from "../../src/cli/demo/local-broker.ts";
import { makeRunFolder, register } from "./run-folder.ts";
import { startSweeper } from "./run-sweeper.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const folder = await makeRunFolder();
const sweeper = startSweeper(folder);
const { path } = await temporaryFolder("redis");
const broker = await startLocalBroker({ folder: path });
const command = spawn("sleep", ["600"], { detached: true, stdio: "ignore" });
register(command.pid, "command");
process.stdout.write(`${JSON.stringify({ folder, pids: [broker.pid, command.pid] })}\n`);
await once(process.stdin, "data");
await sweeper.end();
process.exit();
