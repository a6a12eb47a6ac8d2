import type { FileHandle } from 'node:fs/promises';
import { openRegular } from '../files/open-regular.ts';
import { maxLineBytes } from '../segment/read-lines.ts';
import type { ScanOrder } from './scan-order.ts';

/** The lines that begin in a piece of a file. */
export interface PieceLines {
  /** A line feed stands behind the last byte. */
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
  /** Whether the last line has its line feed. `too long`: no record comes near it, and only its beginning is here. */
  readonly last: 'whole' | 'unfinished' | 'too long';
}

const lineFeed = 0x0a;
const moreBytes = 256 * 1024;

/** Buffers that were used and can be used again: fresh memory costs more than reading into it. */
const free: Buffer[] = [];
const maxFree = 4;
const maxFreeBytes = 8 * 1024 * 1024;

/** Gives back what `readPiece` gave. */
export function releasePiece({ bytes }: PieceLines): void {
  if (free.length < maxFree && bytes.length <= maxFreeBytes && bytes !== nothing.bytes) free.push(bytes);
}

/** Reads the lines that begin in a piece. The last one may reach beyond it. Valid until it is released. */
export async function readPiece({ path, from, to, size }: ScanOrder): Promise<PieceLines> {
  const handle = await openRegular(path);
  try {
    // The byte before tells whether a line begins at the first one.
    const base = from === 0 ? 0 : from - 1;
    let bytes = acquire(to - base + moreBytes + 1);
    let filled = await fill(handle, bytes, 0, base, to);
    const start = from === 0 ? 0 : bytes.subarray(0, filled).indexOf(lineFeed) + 1;
    if (filled === 0 || (from > 0 && start === 0) || start >= filled) return nothing;
    let end = bytes[filled - 1] === lineFeed ? filled : -1;
    let position = base + filled;
    const limit = filled + maxLineBytes;
    while (end === -1 && position < size && filled < limit) {
      if (filled + moreBytes + 1 > bytes.length) bytes = grown(bytes, filled);
      const before = filled;
      filled = await fill(handle, bytes, filled, position, Math.min(size, position + moreBytes));
      if (filled === before) break;
      position += filled - before;
      end = bytes.subarray(0, filled).indexOf(lineFeed, before) + 1 || -1;
    }
    if (end !== -1) return { bytes, start, end, last: 'whole' };
    bytes[filled] = lineFeed;
    return { bytes, start, end: filled, last: filled >= limit ? 'too long' : 'unfinished' };
  } finally {
    await handle.close();
  }
}

const nothing: PieceLines = { bytes: Buffer.of(lineFeed), start: 0, end: 0, last: 'whole' };

function acquire(length: number): Buffer {
  const known = free.pop();
  return known !== undefined && known.length >= length ? known : Buffer.allocUnsafe(length);
}

/** Reads from `position` up to `to` of the file; gives the index behind the last byte. */
async function fill(handle: FileHandle, bytes: Buffer, at: number, position: number, to: number): Promise<number> {
  let filled = at;
  let next = position;
  while (next < to) {
    const { bytesRead } = await handle.read(bytes, filled, to - next, next);
    if (bytesRead === 0) break;
    filled += bytesRead;
    next += bytesRead;
  }
  return filled;
}

function grown(bytes: Buffer, filled: number): Buffer {
  const larger = Buffer.allocUnsafe(bytes.length * 2 + moreBytes);
  bytes.copy(larger, 0, 0, filled);
  return larger;
}
