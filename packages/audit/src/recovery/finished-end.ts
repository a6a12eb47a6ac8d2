import { join } from 'node:path';
import { member, type AuditRecord } from '@sallyport/core';
import { openRegular } from '../files/open-regular.ts';
import { parseRecord } from '../segment/parse-record.ts';
import type { SegmentName } from '../segment/segment-name.ts';

/** More than an `audit.stopped` record needs. */
const tailBytes = 64 * 1024;

/**
 * The `audit.stopped` with which a writer closed its stream, when that is the end of this segment and no attempt was open then.
 * Reads only the end of the file.
 */
export async function finishedEnd(directory: string, segment: SegmentName): Promise<AuditRecord | undefined> {
  const { record: end, offset = 0 } = (await lastLine(join(directory, segment.file))) ?? {};
  if (end === undefined || !isPlausible(end.seq, segment.firstSeq, offset)) return undefined;
  if (end.type !== 'audit.stopped' || member(end.detail, 'open') !== 0) return undefined;
  return end.stream === segment.stream && end.seq >= segment.firstSeq ? end : undefined;
}

/** The record a file ends with; `undefined` when it ends in anything else or in a very long line. */
export async function lastRecord(path: string): Promise<AuditRecord | undefined> {
  return (await lastLine(path))?.record;
}

/** Whether a record at this byte of a segment can have this number: every record before it takes more than one byte. */
export function isPlausible(seq: number, firstSeq: number, offset: number): boolean {
  return seq - firstSeq <= offset;
}

async function lastLine(path: string): Promise<{ readonly record: AuditRecord; readonly offset: number } | undefined> {
  const handle = await openRegular(path);
  try {
    const { size } = await handle.stat();
    const from = Math.max(0, size - tailBytes);
    const tail = Buffer.alloc(size - from);
    const { bytesRead } = await handle.read(tail, 0, tail.length, from);
    if (bytesRead !== tail.length || tail.at(-1) !== 0x0a) return undefined;
    const start = tail.lastIndexOf(0x0a, -2) + 1;
    if (start === 0 && from > 0) return undefined;
    const parsed = parseRecord(tail.subarray(start, -1));
    return 'record' in parsed ? { record: parsed.record, offset: from + start } : undefined;
  } finally {
    await handle.close();
  }
}
