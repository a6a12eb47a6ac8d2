import { type Clock, logEvent, type ObserverEvent, type OperationalLogger } from '@sallyport/core';
import { acquireStreamLock, type LockTiming } from '../lock/acquire-stream-lock.ts';
import type { StreamLock } from '../lock/stream-lock.ts';
import { errorText } from '../log/error-code.ts';
import { listSegments } from '../segment/list-segments.ts';
import { readCursor } from './export-cursor.ts';
import { exportFiles, type ExportFiles } from './export-files.ts';
import type { ExportSink } from './export-sink.ts';
import { ExportState } from './export-state.ts';
import type { ExportTiming } from './export-timing.ts';
import type { Pause } from './pause.ts';
import { StreamExporter, type ExportLag } from './stream-exporter.ts';
import { StreamReader } from './stream-reader.ts';

/** What every export of a process shares. */
export interface ExportContext {
  readonly directory: string;
  readonly timing: ExportTiming;
  readonly lockTiming: LockTiming;
  readonly pause: Pause;
  readonly clock: Clock;
  readonly log: OperationalLogger;
  /** Never throws. */
  readonly emit: (event: ObserverEvent) => void;
}

/** A stream and where it goes. */
export interface ExportTask {
  readonly name: string;
  readonly sink: ExportSink;
  readonly stream: string;
  readonly confirmed: () => number;
  /** Where this process began to write the stream; what is older was written by others. */
  readonly ownFrom: () => number;
  /** Goes on when everything is sent, as long as this says so. */
  readonly follow: () => boolean;
  /** Told before the first record is sent. */
  readonly onStart?: (progress: ExportProgress) => void;
}

/** How far an export has come. */
export interface ExportProgress {
  readonly lag: () => ExportLag;
  /** The first record that is not acknowledged. */
  readonly acknowledged: () => number;
}

/**
 * Exports one stream to one receiver, while this process holds the lock for it. Resolves to true when everything that is confirmed
 * was acknowledged, to false when it was given up; to `busy` when another process exports the stream.
 */
export async function exportOneStream(
  task: ExportTask,
  context: ExportContext,
  signal: AbortSignal,
): Promise<boolean | 'busy'> {
  const { stream, name } = task;
  const { directory, lockTiming } = context;
  const files = exportFiles(directory, stream, name);
  const attempt = await acquireStreamLock({
    directory,
    stream,
    path: files.lock,
    purpose: 'write',
    wait: true,
    signal,
    timing: lockTiming,
  });
  if (attempt.lock === undefined) return 'busy';
  try {
    return await start(task, context, files, attempt.lock, signal);
  } finally {
    await attempt.lock.release();
  }
}

async function start(
  task: ExportTask,
  context: ExportContext,
  files: ExportFiles,
  lock: StreamLock,
  signal: AbortSignal,
): Promise<boolean> {
  const { stream, name, confirmed, ownFrom } = task;
  const { directory, timing, log } = context;
  const place = await findPlace(task, context, files);
  const mayWrite = (): Promise<void> | undefined => lock.confirm();
  const state = new ExportState({ files, stream, name, log, mayWrite, saveMs: timing.saveMs }, place.seq, place.saved);
  // Before anything is sent: from now on retention knows that somebody wants these records.
  await state.save(null);
  const reader = new StreamReader({
    directory,
    stream,
    seq: place.seq,
    confirmed,
    ownFrom,
    onDamage: (damage) => logEvent(log, 'sallyport.audit.export.damage_skipped', { stream, export: name, ...damage }),
  });
  const exporter = new StreamExporter({ ...context, ...task, files, reader, state });
  task.onStart?.({ lag: () => exporter.lag(), acknowledged: () => state.seq });
  return exporter.run(signal, task.follow);
}

/** Where to begin: at the cursor, else at the first record there is. */
async function findPlace(
  { stream, name, confirmed }: ExportTask,
  { directory, log }: ExportContext,
  files: ExportFiles,
): Promise<{ readonly seq: number; readonly saved: number | undefined }> {
  const cursor = await readCursor(files.cursor, stream);
  const bound = confirmed();
  if (typeof cursor === 'object' && cursor.seq <= bound) return { seq: cursor.seq, saved: cursor.seq };
  const [first] = await listSegments(directory, stream);
  const seq = first?.firstSeq ?? 0;
  if (cursor !== 'absent') {
    const problem = cursor === 'broken' ? 'it can not be read' : `it points to ${cursor.seq}, the log ends at ${bound}`;
    const facts = { stream, export: name, file: files.cursor, problem, from: seq };
    logEvent(log, 'sallyport.audit.export.cursor_foreign', facts);
  }
  return { seq, saved: undefined };
}

/** Exports the stream that this process writes, until `signal` is aborted; after a failure it begins again. */
export async function keepExporting(task: ExportTask, context: ExportContext, signal: AbortSignal): Promise<boolean> {
  const { log, pause, timing } = context;
  const facts = { stream: task.stream, export: task.name };
  for (let said = false; !signal.aborted; said = true) {
    try {
      // Nothing is known of a log that could not be opened yet.
      while (task.confirmed() === 0 && !signal.aborted && (!pause.hurried || task.follow()))
        await pause.wait(timing.pollMs, signal);
      if (task.confirmed() === 0) return true;
      const done = await exportOneStream(task, context, signal);
      if (done !== 'busy') return done;
      if (!said) logEvent(log, 'sallyport.audit.export.stream_busy', facts);
    } catch (error) {
      if (pause.hurried) return false;
      logEvent(log, 'sallyport.audit.export.restarted', { ...facts, error: errorText(error) });
    }
    await pause.wait(Math.max(1000, timing.pollMs), signal);
  }
  return false;
}
