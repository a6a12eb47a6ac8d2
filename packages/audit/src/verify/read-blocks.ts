import { openRegular } from '../files/open-regular.ts';
import { maxLineBytes } from '../segment/read-lines.ts';

/** Bytes of a file that hold whole lines. Valid until the next one is asked for. */
export interface LineBlock {
  /** A line feed stands behind the last byte of the block, whether the file has one or not. */
  readonly bytes: Buffer;
  readonly start: number;
  /** Index behind the last byte. */
  readonly end: number;
  /** Byte of the file at `start`. */
  readonly offset: number;
  /**
   * `lines`: whole lines with their line feeds. `rest`: what follows the last line feed of the file. `too long`: a line that no
   * record comes near, of which only the beginning is held.
   */
  readonly kind: 'lines' | 'rest' | 'too long';
}

const chunkBytes = 256 * 1024;
const lineFeed = 0x0a;

/** Streams a file in blocks of whole lines, in bounded memory. One buffer serves for all blocks. */
export async function* readBlocks(path: string): AsyncGenerator<LineBlock, void, undefined> {
  const handle = await openRegular(path);
  try {
    let bytes: Buffer = Buffer.allocUnsafe(2 * chunkBytes);
    let filled = 0;
    let offset = 0;
    let skipping = false;
    for (;;) {
      if (filled + chunkBytes >= bytes.length) bytes = grown(bytes, filled);
      const { bytesRead } = await handle.read(bytes, filled, chunkBytes, null);
      if (bytesRead === 0) break;
      const last = bytes.subarray(0, filled + bytesRead).lastIndexOf(lineFeed, -1);
      const from = filled;
      filled += bytesRead;
      if (last < from) {
        if (filled <= maxLineBytes) continue;
        // Neither end nor record in sight: the rest of the line is passed over.
        if (!skipping) yield { bytes, start: 0, end: chunkBytes, offset, kind: 'too long' };
        skipping = true;
        offset += filled;
        filled = 0;
        continue;
      }
      const start = skipping ? bytes.indexOf(lineFeed, from) + 1 : 0;
      skipping = false;
      if (last >= start) yield { bytes, start, end: last + 1, offset: offset + start, kind: 'lines' };
      bytes.copyWithin(0, last + 1, filled);
      offset += last + 1;
      filled -= last + 1;
    }
    if (filled === 0 || skipping) return;
    bytes[filled] = lineFeed;
    yield { bytes, start: 0, end: filled, offset, kind: 'rest' };
  } finally {
    await handle.close();
  }
}

function grown(bytes: Buffer, filled: number): Buffer {
  const larger = Buffer.allocUnsafe(bytes.length * 2);
  bytes.copy(larger, 0, 0, filled);
  return larger;
}
