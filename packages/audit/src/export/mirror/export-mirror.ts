import type { SegmentedAuditLog, SegmentedCopy } from '../../log/segmented-audit-log.ts';
import { exportFinished, type ExportFinishedOptions } from '../export-finished.ts';
import { keepExporting, type ExportContext } from '../export-one-stream.ts';
import type { ExportSink } from '../export-sink.ts';
import { MirrorBound } from './mirror-bound.ts';
import { onlyUnknown, remembering, SentIds } from './sent-ids.ts';

export interface ExportMirrorOptions extends Pick<ExportFinishedOptions, 'name' | 'onLag'> {
  readonly audit: SegmentedAuditLog;
  readonly sink: ExportSink;
  /** The first record of the log that the receiver has not acknowledged; 0 while that is not known. */
  readonly acknowledged: () => number;
}

/** The export of a mirror beside that of the log: for records that the log could not take. */
export interface MirrorExport {
  /** Sends the log's records. */
  readonly sink: ExportSink;
  /** Begins. `logDone`: the export of the log has ended. */
  run(logDone: Promise<boolean>, signal: AbortSignal): Promise<boolean>;
}

/**
 * Prepares the export of the mirror: in mode `at-least-one` a record may stand there and nowhere else. What the receiver has from the log is
 * not sent again, but for the last seconds before a crash.
 */
export function exportMirror(
  options: ExportMirrorOptions,
  mirror: SegmentedCopy,
  context: ExportContext,
): MirrorExport {
  const { audit, name, sink, acknowledged, onLag } = options;
  const { stream } = audit;
  const ids = new SentIds();
  const unknown = onlyUnknown(sink, ids);
  const bound = new MirrorBound({ log: audit, mirror, acknowledged, lookMs: context.timing.pollMs });
  const there: ExportContext = { ...context, directory: mirror.directory };
  const atMirror: ExportFinishedOptions['onLag'] = (of, lag) => onLag(`${of} (mirror)`, lag);
  return {
    sink: remembering(sink, ids),
    async run(logDone, signal) {
      let done = false;
      void logDone.then((complete) => {
        done = true;
        // What the receiver does not take from the log it would not take from here.
        if (complete) bound.release();
      });
      const task = {
        name,
        sink: unknown,
        stream,
        confirmed: () => bound.confirmed(),
        ownFrom: () => mirror.firstSeq,
        follow: () => !done,
        onStart: (progress: { readonly lag: Parameters<typeof onLag>[1] }) => atMirror(stream, progress.lag),
      };
      const [complete] = await Promise.all([
        keepExporting(task, there, signal),
        exportFinished({ name, sink: unknown, own: stream, onLag: atMirror }, there, signal),
      ]);
      return complete;
    },
  };
}
