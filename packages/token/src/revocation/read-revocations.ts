import { createHash, type Hash } from 'node:crypto';
import { constants, open, type FileHandle } from 'node:fs/promises';
import { maxLineBytes, parseRevocation, type RevocationLine } from './revocation-line.ts';

/** Where reading a revocation file stands. */
export interface ReadPosition {
  /** What tells this file from one that replaced it. */
  readonly file: string;
  /** Bytes of complete lines read so far. */
  readonly offset: number;
  readonly lines: number;
  /** Of these bytes: they may be changed in place, and then everything is read again. */
  readonly digest: string;
}

/** What is new in a revocation file. */
export interface ReadResult {
  readonly position: ReadPosition;
  /** What the file was when it was read: unchanged, nothing is new in it. */
  readonly version: string;
  /** Without what has ended. */
  readonly found: readonly RevocationLine[];
  /** These are all lines of the file, not only new ones. */
  readonly whole: boolean;
  /** Bytes of the file. */
  readonly size: number;
  /** The first line that is not understood. */
  readonly problem?: string;
  /** The last line has no line break yet: it is being written, or never was written whole. */
  readonly incomplete: boolean;
}

export interface ReadRevocationsOptions {
  /** Lines that ended until then are left out. */
  readonly nowMs: number;
  /** A larger file is refused. */
  readonly maxFileBytes: number;
  readonly from?: ReadPosition | undefined;
}

const chunkBytes = 256 * 1024;

/** The parts of a file's state by which a change is noticed. */
export function versionOf(stat: { dev: bigint; ino: bigint; size: bigint; mtimeNs: bigint; ctimeNs: bigint }): string {
  return `${stat.dev}:${stat.ino}:${stat.size}:${stat.mtimeNs}:${stat.ctimeNs}`;
}

/**
 * Reads a revocation file from a position on, or from its beginning when it is another file or what was read of it has changed.
 *
 * Throws an `Error` whose message is for an operator, and what the file system throws.
 */
export async function readRevocations(path: string, options: ReadRevocationsOptions): Promise<ReadResult> {
  const { nowMs, maxFileBytes, from } = options;
  const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    const stat = await handle.stat({ bigint: true });
    if (!stat.isFile()) throw new Error('it is not a regular file');
    if ((stat.mode & 0o022n) !== 0n) throw new Error('group or others may write to it');
    const size = Number(stat.size);
    if (size > maxFileBytes) throw new Error(`it is larger than ${maxFileBytes} bytes`);
    const file = `${stat.dev}:${stat.ino}`;
    const known = from !== undefined && from.file === file && from.offset <= size ? from : undefined;
    const read = known === undefined ? undefined : await hashOf(handle, known.offset);
    const same = known !== undefined && read !== undefined && digestOf(read) === known.digest;
    const hash = same ? read : createHash('sha256');
    let { offset, lines } = same ? known : { offset: 0, lines: 0 };

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
        else if (parsed !== undefined && parsed.untilMs > nowMs) found.push(parsed);
        hash.update(rest.subarray(0, end + 1));
        offset += end + 1;
        rest = rest.subarray(end + 1);
      }
      if (rest.length > maxLineBytes) {
        problem ??= `line ${lines + 1}: the line is too long`;
        break;
      }
    }
    return {
      position: { file, offset, lines, digest: digestOf(hash) },
      version: versionOf(stat),
      found,
      whole: !same,
      size,
      ...(problem !== undefined && { problem }),
      incomplete: rest.length > 0,
    };
  } finally {
    await handle.close();
  }
}

/** Of the first bytes of a file; it can be added to. */
async function hashOf(handle: FileHandle, bytes: number): Promise<Hash> {
  const hash = createHash('sha256');
  const chunk = Buffer.alloc(Math.min(chunkBytes, bytes));
  for (let at = 0; at < bytes;) {
    const { bytesRead } = await handle.read(chunk, 0, Math.min(chunk.length, bytes - at), at);
    if (bytesRead === 0) break;
    hash.update(chunk.subarray(0, bytesRead));
    at += bytesRead;
  }
  return hash;
}

function digestOf(hash: Hash): string {
  return hash.copy().digest('base64');
}
