import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { AuditRecord } from '@sallyport/core';
import { listSegments } from '../segment/list-segments.ts';
import { readLines } from '../segment/read-lines.ts';
import { readSegment, type SegmentDamage } from '../segment/read-segment.ts';
import type { SegmentName } from '../segment/segment-name.ts';
import { finishedEnd, isPlausible } from './finished-end.ts';
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
  /** Numbers that are not those of the lines: no writer leaves that. */
  readonly disorder?: { readonly file: string; readonly problem: string };
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
  if (end !== undefined && (await countLines(join(directory, last.file))) === end.seq + 1 - last.firstSeq) {
    const gap = await gapBefore(directory, segments);
    const nothing = { open: [], damaged: { count: 0, lines: [] } };
    return { finished: true, segments, nextSeq: end.seq + 1, ...nothing, ...(gap !== undefined && { disorder: gap }) };
  }
  return scan(directory, segments, await lastStart(directory, segments));
}

async function scan(directory: string, segments: readonly SegmentName[], from: number): Promise<StreamState> {
  const attempts = new OpenAttempts();
  const lines: { file: string; line: number }[] = [];
  let count = 0;
  let nextSeq = 0;
  let torn: StreamState['torn'];
  /** Whole lines of the last segment. */
  let whole = 0;
  for (const [index, segment] of segments.entries()) {
    if (index < from) continue;
    // From its first number on, the next segment supersedes this one: that much of it was never acknowledged.
    const limit = segments[index + 1]?.firstSeq ?? Number.MAX_SAFE_INTEGER;
    nextSeq = Math.max(nextSeq, segment.firstSeq);
    let empty = true;
    for await (const items of readSegment(join(directory, segment.file))) {
      empty = false;
      for (const item of items) {
        if (index === segments.length - 1 && item.kind !== 'torn') whole += 1;
        if (item.kind === 'record' && isOf(item.record, segment, item.offset)) {
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
  const disorder = disorderOf(segments.at(-1), nextSeq, whole) ?? (await gapBefore(directory, segments));
  return {
    finished: false,
    segments,
    nextSeq,
    open: attempts.list(),
    ...(disorder === undefined ? {} : { disorder }),
    ...(torn === undefined ? {} : { torn }),
    damaged: { count, lines },
  };
}

function isOf({ stream, seq }: AuditRecord, segment: SegmentName, offset: number): boolean {
  return stream === segment.stream && isPlausible(seq, segment.firstSeq, offset);
}

function disorderOf(last: SegmentName | undefined, nextSeq: number, lines: number): StreamState['disorder'] {
  if (last === undefined || nextSeq === last.firstSeq + lines) return undefined;
  return { file: last.file, problem: `${last.file} has ${lines} lines, and its numbers go on to ${nextSeq - 1}` };
}

/** The last segment begins where no segment before it can have ended: somebody put it there. */
async function gapBefore(directory: string, segments: readonly SegmentName[]): Promise<StreamState['disorder']> {
  const [before, last] = segments.slice(-2);
  if (before === undefined || last === undefined) return undefined;
  const { size } = await stat(join(directory, before.file));
  if (isPlausible(last.firstSeq, before.firstSeq, size)) return undefined;
  return { file: last.file, problem: `${last.file} begins far behind the end of ${before.file}` };
}

async function countLines(path: string): Promise<number> {
  let count = 0;
  for await (const lines of readLines(path)) count += lines.length;
  return count;
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
