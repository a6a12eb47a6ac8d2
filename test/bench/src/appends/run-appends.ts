import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { startChild } from '../processes/start-child.ts';
import { subjectNames, type AppendResult, type AppendsReady, type AppendSubject } from './protocol.ts';

export interface RunAppendsOptions {
  /** Where the logs are written: its file system is what is measured. */
  readonly directory: string;
  readonly rounds: number;
  readonly roundMs: number;
  /** Told what happens, for people who wait. */
  say(text: string): void;
}

export interface AppendsMeasurement {
  readonly subjects: Readonly<Record<AppendSubject, readonly AppendResult[]>>;
  /** Why the figures are worth nothing. */
  readonly void?: string;
}

/**
 * How fast records become durable, beside what the disk and another logger do in the same run. The process is not pinned: a sync
 * needs a thread of its own.
 */
export async function runAppends(options: RunAppendsOptions): Promise<AppendsMeasurement> {
  const { rounds, roundMs: durationMs, say } = options;
  const directory = await mkdtemp(join(options.directory, 'appends-'));
  const child = startChild('../appends/main.js', [directory], []);
  const subjects = Object.fromEntries(subjectNames.map((name) => [name, []])) as unknown as Record<
    AppendSubject,
    AppendResult[]
  >;
  try {
    await child.next<AppendsReady>();
    for (let round = 1; round <= rounds; round += 1) {
      say(`audit: round ${round} of ${rounds}`);
      for (const subject of round % 2 === 0 ? subjectNames.toReversed() : subjectNames) {
        const result = await child.ask<AppendResult>({ subject, durationMs });
        if (result.wrong !== undefined) return { subjects, void: `${subject}: ${result.wrong}` };
        subjects[subject].push(result);
      }
    }
    return { subjects };
  } finally {
    await child.stop();
    await rm(directory, { recursive: true, force: true });
  }
}
