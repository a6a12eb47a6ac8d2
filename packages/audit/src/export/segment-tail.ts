import type { FileHandle } from 'node:fs/promises';
import { openRegular } from '../files/open-regular.ts';
import { errorCode } from '../log/error-code.ts';

const chunkBytes = 128 * 1024;
const lineFeed = 0x0a;

/** Longer lines are no records. */
const maxLineBytes = 16 * 1024 * 1024;

/** Systems that do not sync a file opened for reading say so with one of these. */
const unsupported: ReadonlySet<string | undefined> = new Set([
  'EINVAL',
  'EPERM',
  'ENOTSUP',
  'ENOSYS',
  'EBADF',
  'EROFS',
]);

/** One line of a segment. */
export interface TailLine {
  /** Without the line feed; `undefined` when it is too long to be held. */
  readonly bytes: Buffer | undefined;
  /** Byte at which it starts. */
  readonly offset: number;
}

/** Reads a segment that may still grow, line by line. What comes after the last line feed is kept back. */
export class SegmentTail {
  readonly #handle: FileHandle;
  readonly #held: Buffer[] = [];
  #chunk: Buffer = Buffer.alloc(0);
  /** Bytes of the line that has begun. */
  #length = 0;
  #offset = 0;

  private constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  /** `sync`: the bytes were written by another process, which may have died before they were durable. */
  static async open(path: string, sync: boolean): Promise<SegmentTail> {
    const handle = await openRegular(path);
    try {
      if (sync) await handle.datasync();
    } catch (error) {
      if (!unsupported.has(errorCode(error))) {
        await handle.close();
        throw error;
      }
    }
    return new SegmentTail(handle);
  }

  /** The next complete line; `undefined` at the present end of the file. */
  async next(): Promise<TailLine | undefined> {
    for (;;) {
      const end = this.#chunk.indexOf(lineFeed);
      if (end !== -1) {
        this.#keep(this.#chunk.subarray(0, end));
        this.#chunk = this.#chunk.subarray(end + 1);
        return this.#finish();
      }
      this.#keep(this.#chunk);
      const room = Buffer.allocUnsafe(chunkBytes);
      this.#chunk = room.subarray(0, 0);
      const { bytesRead } = await this.#handle.read(room, 0, chunkBytes, null);
      if (bytesRead === 0) return undefined;
      this.#chunk = room.subarray(0, bytesRead);
    }
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }

  #keep(part: Buffer): void {
    this.#length += part.length;
    if (this.#length > maxLineBytes) this.#held.length = 0;
    else if (part.length > 0) this.#held.push(part);
  }

  #finish(): TailLine {
    const [only] = this.#held;
    const bytes = this.#held.length === 1 ? only : Buffer.concat(this.#held);
    const line = { bytes: this.#length > maxLineBytes ? undefined : bytes, offset: this.#offset };
    this.#offset += this.#length + 1;
    this.#held.length = 0;
    this.#length = 0;
    return line;
  }
}
