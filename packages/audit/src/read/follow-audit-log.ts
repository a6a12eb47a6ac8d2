import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SetupError, type AuditRecord } from '@sallyport/core';
import { openRegular } from '../files/open-regular.ts';
import { errorCode, errorText } from '../log/error-code.ts';
import { parseRecord } from '../segment/parse-record.ts';
import type { SegmentName } from '../segment/segment-name.ts';
import { noLog, segmentsOf } from './segments-of.ts';

export interface FollowAuditLogOptions {
  /** Only this stream; default all of the directory. */
  readonly stream?: string;
  /** How many of the newest records of each stream come first. Default 0. */
  readonly last?: number;
  /** Go on with what is written from now on, until `signal` aborts. Default true. */
  readonly follow?: boolean;
  readonly signal?: AbortSignal;
  /** Milliseconds between two looks at the directory, default 250. */
  readonly pollMs?: number;
}

/** How far a segment has been read. */
interface Position {
  offset: number;
  /** Bytes after the last line feed. */
  rest: Buffer;
}

const chunkBytes = 256 * 1024;
/** Longer lines are no records. */
const maxRestBytes = 16 * 1024 * 1024;

/**
 * The newest records of a log, and then what is written: across rotation, new starts and new streams. Needs no lock and changes nothing.
 * Only complete lines that are records come; what is wrong with a log verification says.
 *
 * @throws SetupError `ERR_AUDIT_DIRECTORY` when the directory can not be read, or holds no segment and nothing is waited for.
 */
export async function* followAuditLog(
  directory: string,
  options: FollowAuditLogOptions = {},
): AsyncGenerator<AuditRecord, void, undefined> {
  const { stream, last = 0, follow = true, signal, pollMs = 250 } = options;
  const positions = new Map<string, Position>();
  const begin = await segmentsOf(directory, stream);
  if (!follow && begin.length === 0) throw noLog(directory, stream);
  for (const segments of byStream(begin)) yield* newest(directory, segments, last, positions);
  if (!follow) return;
  for (;;) {
    if (signal?.aborted === true) return;
    try {
      await sleep(pollMs, undefined, signal === undefined ? {} : { signal });
    } catch {
      return;
    }
    for (const { file, stream: of, firstSeq } of await segmentsOf(directory, stream)) {
      const known = positions.has(file);
      // What retention had left of the past, or a copy put beside the log: older than what has been shown.
      if (!known && begin.some((one) => one.stream === of && one.firstSeq > firstSeq)) continue;
      for await (const records of readOn(join(directory, file), positionOf(positions, file))) yield* records;
    }
  }
}

/** Reads the segments of a stream, from the last one back, until there are enough records. */
async function* newest(
  directory: string,
  segments: readonly SegmentName[],
  last: number,
  positions: Map<string, Position>,
): AsyncGenerator<AuditRecord, void, undefined> {
  const parts: AuditRecord[][] = [];
  let count = 0;
  for (const { file } of segments.toReversed()) {
    const position = positionOf(positions, file);
    let found: AuditRecord[] = [];
    for await (const some of readOn(join(directory, file), position))
      found = found.concat(some).slice(-Math.max(last, 1));
    parts.unshift(found);
    count += found.length;
    if (count >= last) break;
  }
  if (last > 0) yield* parts.flat().slice(-last);
}

function unreadable(path: string, cause: unknown): SetupError {
  return new SetupError({
    code: 'ERR_AUDIT_DIRECTORY',
    file: path,
    problem: `the segment can not be read (${errorText(cause)})`,
    remedy: 'make the file readable, or copy the log again',
    cause,
  });
}

async function* readOn(path: string, position: Position): AsyncGenerator<AuditRecord[], void, undefined> {
  let handle;
  try {
    handle = await openRegular(path);
  } catch (error) {
    // Retention has deleted it between two looks.
    if (errorCode(error) === 'ENOENT') return;
    throw unreadable(path, error);
  }
  try {
    for (;;) {
      const chunk = Buffer.allocUnsafe(chunkBytes);
      const { bytesRead } = await handle.read(chunk, 0, chunkBytes, position.offset);
      if (bytesRead === 0) return;
      position.offset += bytesRead;
      const records = take(position, chunk.subarray(0, bytesRead));
      if (records.length > 0) yield records;
    }
  } finally {
    await handle.close();
  }
}

/** The records of the lines that are complete now. */
function take(position: Position, chunk: Buffer): AuditRecord[] {
  const end = chunk.lastIndexOf(0x0a);
  if (end === -1) {
    position.rest = position.rest.length > maxRestBytes ? Buffer.alloc(0) : Buffer.concat([position.rest, chunk]);
    return [];
  }
  const text = Buffer.concat([position.rest, chunk.subarray(0, end)]);
  position.rest = Buffer.from(chunk.subarray(end + 1));
  const records: AuditRecord[] = [];
  for (let at = 0; at <= text.length;) {
    const feed = text.indexOf(0x0a, at);
    const stop = feed === -1 ? text.length : feed;
    const parsed = parseRecord(text.subarray(at, stop));
    if ('record' in parsed) records.push(parsed.record);
    at = stop + 1;
  }
  return records;
}

function positionOf(positions: Map<string, Position>, file: string): Position {
  let position = positions.get(file);
  if (position === undefined) {
    position = { offset: 0, rest: Buffer.alloc(0) };
    positions.set(file, position);
  }
  return position;
}

function byStream(segments: readonly SegmentName[]): SegmentName[][] {
  const streams = new Map<string, SegmentName[]>();
  for (const segment of segments) {
    const list = streams.get(segment.stream);
    if (list === undefined) streams.set(segment.stream, [segment]);
    else list.push(segment);
  }
  return [...streams.values()];
}
