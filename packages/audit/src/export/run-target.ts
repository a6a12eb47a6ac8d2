import type { SegmentedAuditLog } from '../log/segmented-audit-log.ts';
import { exportFinished } from './export-finished.ts';
import { keepExporting, type ExportContext } from './export-one-stream.ts';
import type { ExportSink } from './export-sink.ts';
import type { Lags } from './lags.ts';
import { exportMirror } from './mirror/export-mirror.ts';

/** A place that records are sent to. */
export interface ExportTarget {
  /** Part of the names of its files: 1 to 32 lower-case letters, digits and underscores. Must stay the same: it finds the cursor. */
  readonly name: string;
  readonly sink: ExportSink;
}

/**
 * Exports to one receiver: the stream that this process writes, finished streams of other writers, and of a mirror what is nowhere else.
 * Resolves to true when everything of this process was acknowledged.
 */
export async function runTarget(
  { name, sink }: ExportTarget,
  audit: SegmentedAuditLog,
  lags: Lags,
  context: ExportContext,
  signal: AbortSignal,
): Promise<boolean> {
  const { stream, mirror } = audit;
  const onLag = lags.set.bind(lags, name);
  let acknowledged = (): number => 0;
  const options = { name, audit, sink, onLag, acknowledged: () => acknowledged() };
  const mirrored = mirror === undefined ? undefined : exportMirror(options, mirror, context);
  const own = keepExporting(
    {
      name,
      sink: mirrored?.sink ?? sink,
      stream,
      confirmed: () => audit.confirmed(),
      ownFrom: () => audit.firstSeq,
      follow: () => !context.pause.hurried,
      onStart(progress) {
        onLag(stream, progress.lag);
        acknowledged = progress.acknowledged;
      },
    },
    context,
    signal,
  );
  const complete = await Promise.all([
    own,
    mirrored?.run(own, signal),
    exportFinished({ name, sink, own: stream, onLag }, context, signal),
  ]);
  return complete[0] && complete[1] !== false;
}
