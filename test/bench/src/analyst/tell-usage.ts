import { writeSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';
import type { ProcessUsage } from './run-analyst.ts';

/** Where the bench listens. */
const descriptor = 3;

// Loaded into the measured process before anything else, and into its threads: says at its end what it needed.
process.on('exit', () => {
  if (!isMainThread) return;
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const usage: ProcessUsage = { cpuMs: (userCPUTime + systemCPUTime) / 1000, memoryMiB: maxRSS / 1024 };
  writeSync(descriptor, JSON.stringify(usage));
});
