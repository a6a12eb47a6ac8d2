import { close, fdatasync, open, write } from 'node:fs';
import { readdir, readFile, rm, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { checkCompleteness, openAuditLog, parseCheckpoint, parseNote } from '@sallyport/audit';
import { createMemoryAuditLog, type AuditEntry } from '@sallyport/core';
import { pino } from 'pino';
import { callEntries } from './call-entries.ts';
import type { AppendOrder, AppendResult, AppendSubject } from './protocol.ts';
import { SampledTimes } from './sampled-times.ts';

/** How many call at a time, and how many leaves their arguments have. */
const loads: Partial<Record<AppendSubject, { readonly callers: number; readonly leaves: number }>> = {
  alone: { callers: 1, leaves: 3 },
  'callers-64': { callers: 64, leaves: 3 },
  'callers-256': { callers: 256, leaves: 3 },
  calls: { callers: 64, leaves: 8 },
  harness: { callers: 64, leaves: 8 },
  turns: { callers: 64, leaves: 3 },
};

/** Milliseconds before the figures count: code is optimised, segments are open. */
const warmUpMs = 400;

/** In a shorter turn of the event loop nothing happened; there are hundreds of thousands of them a second. */
const idleTurnMs = 0.05;

const call = {
  open: promisify(open),
  write: promisify(write),
  fdatasync: promisify(fdatasync),
  close: promisify(close),
};

/** Runs one subject in a directory that is its own. */
export async function runSubject({ subject, durationMs }: AppendOrder, parent: string): Promise<AppendResult> {
  const directory = join(parent, subject);
  await mkdir(directory, { recursive: true });
  try {
    if (subject === 'bare') return await runBare(directory, durationMs);
    if (subject === 'pino') return await runPino(directory, durationMs);
    return await runLog(subject, directory, durationMs);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Measures from the end of the warm-up on. */
class Meter {
  readonly times: SampledTimes = new SampledTimes();
  readonly #startsAt: number = performance.now() + warmUpMs;
  readonly #endsAt: number;
  #begun: { readonly at: number; readonly cpu: NodeJS.CpuUsage } | undefined;
  #records = 0;

  constructor(durationMs: number) {
    this.#endsAt = this.#startsAt + durationMs;
  }

  get running(): boolean {
    const now = performance.now();
    if (this.#begun === undefined && now >= this.#startsAt) this.#begun = { at: now, cpu: process.cpuUsage() };
    return now < this.#endsAt;
  }

  record(startedAt: number): void {
    if (this.#begun === undefined) return;
    this.#records += 1;
    this.times.add(performance.now() - startedAt);
  }

  result(): AppendResult {
    const { at = performance.now(), cpu } = this.#begun ?? {};
    const used = process.cpuUsage(cpu);
    const [p50Micros, p99Micros, p999Micros] = this.times.quantiles([0.5, 0.99, 0.999]);
    const elapsedMs = performance.now() - at;
    return { records: this.#records, elapsedMs, cpuMicros: used.user + used.system, p50Micros, p99Micros, p999Micros };
  }
}

async function runBare(directory: string, durationMs: number): Promise<AppendResult> {
  const fd = await call.open(join(directory, 'bare'), 'a');
  const bytes = Buffer.from(`${JSON.stringify(await sampleRecord())}\n`);
  const meter = new Meter(durationMs);
  while (meter.running) {
    const startedAt = performance.now();
    await call.write(fd, bytes);
    await call.fdatasync(fd);
    meter.record(startedAt);
  }
  const result = meter.result();
  await call.close(fd);
  return result;
}

async function runPino(directory: string, durationMs: number): Promise<AppendResult> {
  const destination = pino.destination({ dest: join(directory, 'pino'), sync: true, fsync: true });
  const log = pino(destination);
  const record = await sampleRecord();
  const meter = new Meter(durationMs);
  while (meter.running) {
    const startedAt = performance.now();
    log.info(record);
    meter.record(startedAt);
  }
  const result = meter.result();
  destination.end();
  return result;
}

/** A decision as it stands in the log. */
async function sampleRecord(): Promise<object> {
  const log = createMemoryAuditLog();
  await log.append(callEntries(1, 3)[0]);
  return log.records[0] ?? {};
}

async function runLog(subject: AppendSubject, directory: string, durationMs: number): Promise<AppendResult> {
  const { callers, leaves } = loads[subject] ?? { callers: 1, leaves: 3 };
  const audit = await openAuditLog({ directory, stream: 'bench', origin: 'bench.example' });
  const append = subject === 'harness' ? () => Promise.resolve() : (entry: AuditEntry) => audit.append(entry);
  const meter = new Meter(durationMs);
  let written = 0;
  const caller = async (): Promise<void> => {
    for (let number = 0; meter.running; number += 1) {
      for (const entry of callEntries(number, leaves)) {
        const startedAt = performance.now();
        await append(entry);
        meter.record(startedAt);
        written += 1;
      }
      if (subject === 'harness') await new Promise(setImmediate);
    }
  };
  const turns = subject === 'turns' ? watchTurns(meter) : undefined;
  await Promise.all(Array.from({ length: callers }, caller));
  const result = meter.result();
  await audit.close();
  const wrong = subject === 'harness' ? undefined : await findWrong(directory, written);
  const shown = turns === undefined ? result : { ...result, ...turns() };
  return { ...shown, ...(wrong !== undefined && { wrong }) };
}

/** Measures the turns of the event loop for as long as the load runs. */
function watchTurns(meter: Meter): () => Pick<AppendResult, 'p50Micros' | 'p99Micros' | 'p999Micros'> {
  const turns = new SampledTimes();
  let last = performance.now();
  const turn = (): void => {
    const now = performance.now();
    if (now - last > idleTurnMs) turns.add(now - last);
    last = now;
    if (meter.running) setImmediate(turn);
  };
  setImmediate(turn);
  return () => {
    const [p50Micros, p99Micros, p999Micros] = turns.quantiles([0.5, 0.99, 0.999]);
    return { p50Micros, p99Micros, p999Micros };
  };
}

/** Why the log is not what was acknowledged: complete, and signed to its end. */
async function findWrong(directory: string, written: number): Promise<string | undefined> {
  const { complete, allows, allowsWithOutcome, records } = await checkCompleteness(directory);
  if (!complete) return 'the log is not complete';
  if (allows + allowsWithOutcome !== written)
    return `${written} records were acknowledged, ${allows + allowsWithOutcome} are there`;
  const newest =
    (await readdir(directory))
      .filter((name) => name.endsWith('.checkpoint'))
      .toSorted()
      .at(-1) ?? '';
  const { size } = parseCheckpoint(parseNote(await readFile(join(directory, newest), 'utf8')).text);
  return size === records ? undefined : `the last checkpoint covers ${size} of ${records} records`;
}
