/** Set up before each test file that starts real parts: whoever runs it is known to the run's sweeper. */
import { register } from "./run-folder.ts";

register(process.pid, "worker");
