import { logEvent } from '@sallyport/core';
import { errorText } from '../log/error-code.ts';
import { exportOneStream, type ExportContext, type ExportTask } from './export-one-stream.ts';
import { finishedStreams, isHeld, type FinishedStream } from './finished-streams.ts';
import type { ExportLag } from './stream-exporter.ts';

export interface ExportFinishedOptions extends Pick<ExportTask, 'name' | 'sink'> {
  /** The stream that this process writes; it is exported elsewhere. */
  readonly own: string;
  readonly onLag: (stream: string, lag: (() => ExportLag) | undefined) => void;
}

/**
 * Exports what writers left that are gone, one stream after the other, and looks again for more until `signal` is aborted. So the
 * last records of a pod arrive although nobody will ever start under its name again.
 */
export async function exportFinished(
  options: ExportFinishedOptions,
  context: ExportContext,
  signal: AbortSignal,
): Promise<void> {
  const { directory, log, pause, timing } = context;
  const done = new Set<string>();
  while (!signal.aborted && !pause.hurried) {
    try {
      for (const found of await finishedStreams(directory, options.own, done)) {
        if ((await exportFinishedStream(found, options, context, signal)) === true) done.add(found.file);
        if (signal.aborted || pause.hurried) return;
      }
    } catch (error) {
      logEvent(log, 'sallyport.audit.export.others_failed', { export: options.name, error: errorText(error) });
    }
    await pause.wait(timing.searchMs, signal);
  }
}

async function exportFinishedStream(
  { stream, end }: FinishedStream,
  { name, sink, onLag }: ExportFinishedOptions,
  context: ExportContext,
  signal: AbortSignal,
): Promise<boolean | 'busy'> {
  const { directory, timing } = context;
  const stop = new AbortController();
  const abort = (): void => stop.abort();
  signal.addEventListener('abort', abort, { once: true });
  // When its writer comes back, the stream is its business again.
  const look = setInterval(
    () => void isHeld(directory, stream).then((held) => (held ? stop.abort() : undefined)),
    timing.pollMs,
  );
  look.unref();
  try {
    const task: ExportTask = {
      name,
      sink,
      stream,
      confirmed: () => end,
      ownFrom: () => Number.MAX_SAFE_INTEGER,
      follow: () => false,
      onStart: ({ lag }) => onLag(stream, lag),
    };
    return await exportOneStream(task, context, stop.signal);
  } finally {
    clearInterval(look);
    signal.removeEventListener('abort', abort);
    onLag(stream, undefined);
  }
}
