import { openRegular } from '../files/open-regular.ts';

/** One line of a file, without its line feed. */
export interface Line {
  readonly bytes: Buffer;
  /** Counted from 1. */
  readonly number: number;
  /** Byte at which the line starts. */
  readonly offset: number;
  /** Bytes of the line, without its line feed. More than `bytes` holds when the line was too long to be kept. */
  readonly length: number;
  /** False for bytes after the last line feed of the file. */
  readonly terminated: boolean;
}

/** Longer lines are counted, never held. No record comes near it. */
export const maxLineBytes: number = 64 * 1024 * 1024;

const chunkBytes = 256 * 1024;
const lineFeed = 0x0a;
const nothing = Buffer.alloc(0);

/**
 * Streams the lines of a file in blocks, one block for each read: memory stays bounded whatever the file holds.
 * Lines end with 0x0A and nothing else.
 */
export async function* readLines(path: string): AsyncGenerator<Line[], void, undefined> {
  const handle = await openRegular(path);
  try {
    let held: Buffer[] = [];
    let length = 0;
    let offset = 0;
    let number = 1;
    for (;;) {
      const room = Buffer.allocUnsafe(chunkBytes);
      const { bytesRead } = await handle.read(room, 0, chunkBytes, null);
      if (bytesRead === 0) break;
      const chunk = room.subarray(0, bytesRead);
      const block: Line[] = [];
      let start = 0;
      for (;;) {
        const end = chunk.indexOf(lineFeed, start);
        const part = chunk.subarray(start, end === -1 ? bytesRead : end);
        length += part.length;
        if (length > maxLineBytes) held = [];
        else held.push(part);
        if (end === -1) break;
        block.push({ bytes: joined(held, length), number, offset, length, terminated: true });
        offset += length + 1;
        number += 1;
        held = [];
        length = 0;
        start = end + 1;
      }
      if (block.length > 0) yield block;
    }
    if (length > 0) yield [{ bytes: joined(held, length), number, offset, length, terminated: false }];
  } finally {
    await handle.close();
  }
}

function joined(parts: readonly Buffer[], length: number): Buffer {
  if (length > maxLineBytes) return nothing;
  return parts.length === 1 ? (parts[0] ?? nothing) : Buffer.concat(parts);
}
