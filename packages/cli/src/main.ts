#!/usr/bin/env node
import { runSallyport } from './run-sallyport.ts';
import { createInterruption } from './terminal/interruption.ts';

process.exitCode = await runSallyport(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  stdin: process.stdin,
  env: process.env,
  now: Date.now,
  interruption: createInterruption(),
});
