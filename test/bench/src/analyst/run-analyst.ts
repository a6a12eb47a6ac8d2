import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { cachedMillionLog } from '../million/cached-million-log.ts';
import { analystCases, type AnalystCase } from './analyst-cases.ts';

export interface RunAnalystOptions {
  /** Where what is written goes. */
  readonly directory: string;
  readonly records: number;
  readonly rounds: number;
  /** Told what happens, for people who wait. */
  say(text: string): void;
}

/** What a process needed: of the processor in all of its threads, and of the memory at most. */
export interface ProcessUsage {
  readonly cpuMs: number;
  readonly memoryMiB: number;
}

export interface AnalystRound extends ProcessUsage {
  readonly wallMs: number;
}

export interface AnalystMeasurement {
  readonly name: string;
  readonly records: number;
  readonly limitMs: number;
  readonly rounds: readonly AnalystRound[];
  /** Why the figures are worth nothing. */
  readonly void?: string;
}

/** How long the commands of the analyst take on a large log: each run in a process of its own, as a person runs it. */
export async function runAnalyst(options: RunAnalystOptions): Promise<readonly AnalystMeasurement[]> {
  const { records, say } = options;
  say(`analyst: a log of ${records} records`);
  const log = await cachedMillionLog(records);
  const measured: AnalystMeasurement[] = [];
  for (const one of analystCases) measured.push(await measure(one, log, options));
  return measured;
}

async function measure(
  { name, args, limitMs }: AnalystCase,
  log: string,
  { directory, records, rounds, say }: RunAnalystOptions,
): Promise<AnalystMeasurement> {
  const done: AnalystRound[] = [];
  // The first one brings the log into the memory of the system.
  for (let round = 0; round <= rounds; round += 1) {
    say(round === 0 ? `${name}: warming up` : `${name}: round ${round} of ${rounds}`);
    const folder = await mkdtemp(join(directory, 'analyst-'));
    try {
      const result = await runOnce(args(log, folder));
      if ('problem' in result) return { name, records, limitMs, rounds: [], void: result.problem };
      if (round > 0) done.push(result);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
  return { name, records, limitMs, rounds: done };
}

const command = fileURLToPath(new URL('dist/main.js', import.meta.resolve('sallyport/package.json')));
const tellUsage = new URL('./tell-usage.js', import.meta.url).href;

async function runOnce(args: readonly string[]): Promise<AnalystRound | { readonly problem: string }> {
  const from = performance.now();
  const child = spawn(process.execPath, ['--import', tellUsage, command, ...args], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
  const [, , stderr, usage] = child.stdio as unknown as readonly [null, null, Readable, Readable];
  const [said, told, [code]] = await Promise.all([
    text(stderr),
    text(usage),
    once(child, 'close') as Promise<[number]>,
  ]);
  const wallMs = performance.now() - from;
  if (code !== 0) return { problem: `exit ${code}: ${said.slice(0, 200)}` };
  return { wallMs, ...(JSON.parse(told) as ProcessUsage) };
}
