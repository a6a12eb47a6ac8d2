import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { finishedEnd } from '../recovery/finished-end.ts';
import { listSegments } from '../segment/list-segments.ts';
import type { SegmentName } from '../segment/segment-name.ts';

/** A stream whose writer is gone and whose log is complete. */
export interface FinishedStream {
  readonly stream: string;
  /** Sequence number after its last record. */
  readonly end: number;
  /** Its last segment. */
  readonly file: string;
}

/**
 * The finished streams of a directory but `own`. A stream that a living process writes, or one that nobody has recovered yet, is none:
 * its own process exports it. `known`: last segments of streams that need no look, because what follows would be another segment.
 */
export async function finishedStreams(
  directory: string,
  own: string,
  known: ReadonlySet<string>,
): Promise<FinishedStream[]> {
  const last = new Map<string, SegmentName>();
  for (const segment of await listSegments(directory)) last.set(segment.stream, segment);
  last.delete(own);
  const finished: FinishedStream[] = [];
  for (const [stream, segment] of last) {
    if (known.has(segment.file) || (await isHeld(directory, stream))) continue;
    const end = await finishedEnd(directory, segment).catch(() => undefined);
    if (end !== undefined) finished.push({ stream, end: end.seq + 1, file: segment.file });
  }
  return finished;
}

/** True while somebody writes or recovers the stream, or died in it. */
export async function isHeld(directory: string, stream: string): Promise<boolean> {
  return access(join(directory, `audit-${stream}.lock`)).then(
    () => true,
    () => false,
  );
}
