#!/usr/bin/env node
/** The `rollcall` command. */
import { rollcallProgram } from "./program.ts";

process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  // Whoever reads has seen enough.
  if (error.code !== "EPIPE") throw error;
});

await rollcallProgram().parseAsync();
