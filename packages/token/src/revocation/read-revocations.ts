import { constants, open } from 'node:fs/promises';
import { maxLineBytes, parseRevocation, type RevocationLine } from './revocation-line.ts';

/** Where reading a revocation file stands. */
export interface ReadPosition {
  /** What tells this file from one that replaced it. */
  readonly file: string;
  /** Bytes of complete lines read so far. */
  readonly offset: number;
  readonly lines: number;
}

/** What is new in a revocation file. */
export interface ReadResult {
  readonly position: ReadPosition;
  /** What the file was when it was read: unchanged, nothing is new in it. */
  readonly version: string;
  readonly found: readonly RevocationLine[];
  /** The first line that is not understood. */
  readonly problem?: string;
  /** The last line has no line break yet: it is being written, or never was written whole. */
  readonly incomplete: boolean;
}

/** A larger file is refused: it would be mostly lines that ended long ago. */
const maxFileBytes = 64 * 1024 * 1024;
const chunkBytes = 256 * 1024;

/** The parts of a file's state by which a change is noticed. */
export function versionOf(stat: { dev: bigint; ino: bigint; size: bigint; mtimeNs: bigint }): string {
  return `${stat.dev}:${stat.ino}:${stat.size}:${stat.mtimeNs}`;
}

/**
 * Reads a revocation file from a position on, or from its beginning when it is another file or has become shorter.
 *
 * Throws an `Error` whose message is for an operator, and what the file system throws.
 */
export async function readRevocations(path: string, from?: ReadPosition): Promise<ReadResult> {
  const handle = await open(path, constants.O_RDONLY);
  try {
    const stat = await handle.stat({ bigint: true });
    if (!stat.isFile()) throw new Error('it is not a regular file');
    if ((stat.mode & 0o022n) !== 0n) throw new Error('group or others may write to it');
    const size = Number(stat.size);
    if (size > maxFileBytes) throw new Error(`it is larger than ${maxFileBytes} bytes`);
    const file = `${stat.dev}:${stat.ino}`;
    const same = from !== undefined && from.file === file && from.offset <= size;
    let { offset, lines } = same ? from : { offset: 0, lines: 0 };

    const found: RevocationLine[] = [];
    let problem: string | undefined;
    let rest: Buffer = Buffer.alloc(0);
    for (let at = offset; at < size;) {
      const { bytesRead, buffer } = await handle.read(Buffer.alloc(Math.min(chunkBytes, size - at)), 0, undefined, at);
      if (bytesRead === 0) break;
      at += bytesRead;
      rest = Buffer.concat([rest, buffer.subarray(0, bytesRead)]);
      for (let end = rest.indexOf(0x0a); end !== -1; end = rest.indexOf(0x0a)) {
        lines += 1;
        const line = rest.subarray(0, end);
        const parsed = line.length === 0 ? undefined : parseRevocation(line);
        if (typeof parsed === 'string') problem ??= `line ${lines}: ${parsed}`;
        else if (parsed !== undefined) found.push(parsed);
        offset += end + 1;
        rest = rest.subarray(end + 1);
      }
      if (rest.length > maxLineBytes) {
        problem ??= `line ${lines + 1}: the line is too long`;
        break;
      }
    }
    return {
      position: { file, offset, lines },
      version: versionOf(stat),
      found,
      ...(problem !== undefined && { problem }),
      incomplete: rest.length > 0,
    };
  } finally {
    await handle.close();
  }
}
