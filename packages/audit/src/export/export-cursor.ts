import { isJsonObject, member } from '@sallyport/core';
import { readSmallFile } from '../files/read-small-file.ts';
import { writeDurable } from '../files/write-durable.ts';
import { nodeSegmentFileSystem } from '../segment/segment-file-system.ts';

/** How far a receiver has acknowledged a stream. */
export interface ExportCursor {
  readonly stream: string;
  /** The first record that it has not acknowledged. Retention keeps that record and everything after it. */
  readonly seq: number;
  /** File name of the segment that holds it, or will hold it; for people. */
  readonly segment: string | null;
}

/** `absent` when there is no file; `broken` when it says nothing that can be used. Rejects when it can not be read. */
export async function readCursor(path: string, stream: string): Promise<ExportCursor | 'absent' | 'broken'> {
  const found = await readSmallFile(path);
  if (found === undefined) return 'absent';
  let value: unknown;
  try {
    value = JSON.parse(found.text);
  } catch {
    return 'broken';
  }
  const seq = member(value, 'seq');
  if (!isJsonObject(value) || member(value, 'v') !== 1 || member(value, 'stream') !== stream) return 'broken';
  if (typeof seq !== 'number' || !Number.isSafeInteger(seq) || seq < 0) return 'broken';
  const segment = member(value, 'segment');
  return { stream, seq, segment: typeof segment === 'string' ? segment : null };
}

/** Durable when it resolves. */
export async function writeCursor(path: string, cursor: ExportCursor): Promise<void> {
  const { stream, seq, segment } = cursor;
  await writeDurable(path, `${JSON.stringify({ v: 1, stream, seq, segment })}\n`, nodeSegmentFileSystem);
}
