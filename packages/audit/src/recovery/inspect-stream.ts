import { join } from 'node:path';
import type { AuditRecord } from '@sallyport/core';
import { listSegments } from '../segment/list-segments.ts';
import { readSegment, type SegmentDamage } from '../segment/read-segment.ts';
import type { SegmentName } from '../segment/segment-name.ts';
import { finishedEnd } from './finished-end.ts';
import { OpenAttempts, type OpenAttempt } from './open-attempts.ts';

/** Lines that are named one by one; the rest is counted. */
const maxNamedDamage = 16;
const emptyFile: SegmentDamage = { kind: 'torn', line: 1, offset: 0, bytes: 0, problem: 'the file is empty' };

/** What a dead writer left behind. */
export interface StreamState {
  /** True when the last writer closed the stream and nothing is open. */
  readonly finished: boolean;
  readonly segments: readonly SegmentName[];
  /** Sequence number of the next record. */
  readonly nextSeq: number;
  readonly open: readonly OpenAttempt[];
  /** An unfinished end of the last segment; `whole` when there is no record before it. */
  readonly torn?: SegmentDamage & { readonly segment: SegmentName; readonly whole: boolean };
  /** Lines that are no records in the middle of a segment. They are reported, never repaired. */
  readonly damaged: {
    readonly count: number;
    readonly lines: readonly { readonly file: string; readonly line: number }[];
  };
}

/**
 * Looks at what a dead writer left: where to go on, and which attempts are open.
 *
 * Only the segments since the last start are read, and of a stream that was closed with nothing open only the end. That is sound
 * because a start closes everything that was open before in the same step that gives its first segment a name.
 */
export async function inspectStream(directory: string, stream: string): Promise<StreamState> {
  const segments = await listSegments(directory, stream);
  const last = segments.at(-1);
  if (last === undefined) return { finished: true, segments, nextSeq: 0, open: [], damaged: { count: 0, lines: [] } };
  const end = await finishedEnd(directory, last);
  if (end !== undefined)
    return { finished: true, segments, nextSeq: end.seq + 1, open: [], damaged: { count: 0, lines: [] } };
  return scan(directory, stream, segments, await lastStart(directory, segments));
}

async function scan(
  directory: string,
  stream: string,
  segments: readonly SegmentName[],
  from: number,
): Promise<StreamState> {
  const attempts = new OpenAttempts();
  const lines: { file: string; line: number }[] = [];
  let count = 0;
  let nextSeq = 0;
  let torn: StreamState['torn'];
  for (const [index, segment] of segments.entries()) {
    if (index < from) continue;
    // From its first number on, the next segment supersedes this one: that much of it was never acknowledged.
    const limit = segments[index + 1]?.firstSeq ?? Number.MAX_SAFE_INTEGER;
    nextSeq = Math.max(nextSeq, segment.firstSeq);
    let empty = true;
    for await (const items of readSegment(join(directory, segment.file))) {
      empty = false;
      for (const item of items) {
        if (item.kind === 'record' && item.record.stream === stream) {
          if (item.record.seq >= limit) continue;
          attempts.see(item.record);
          nextSeq = Math.max(nextSeq, item.record.seq + 1);
        } else if (item.kind === 'torn') {
          if (index === segments.length - 1) torn = { ...item, segment, whole: item.line === 1 };
        } else {
          // What stands there may have been a record, so its number is not given away again.
          if (index === segments.length - 1) nextSeq += 1;
          count += 1;
          if (lines.length < maxNamedDamage) lines.push({ file: segment.file, line: item.line });
        }
      }
    }
    if (empty && index === segments.length - 1) torn = { ...emptyFile, segment, whole: true };
  }
  return {
    finished: false,
    segments,
    nextSeq,
    open: attempts.list(),
    ...(torn === undefined ? {} : { torn }),
    damaged: { count, lines },
  };
}

/** Index of the last segment that begins with a start. */
async function lastStart(directory: string, segments: readonly SegmentName[]): Promise<number> {
  for (let index = segments.length - 1; index > 0; index--) {
    const segment = segments[index];
    if (segment === undefined) continue;
    const first = await firstRecord(join(directory, segment.file));
    if (first?.type === 'audit.started' && first.stream === segment.stream && first.seq === segment.firstSeq)
      return index;
  }
  return 0;
}

async function firstRecord(path: string): Promise<AuditRecord | undefined> {
  for await (const items of readSegment(path)) {
    const [item] = items;
    return item?.kind === 'record' ? item.record : undefined;
  }
  return undefined;
}
