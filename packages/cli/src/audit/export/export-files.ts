import { createHash, type Hash } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { SetupError } from '@sallyport/core';

/** Where an export goes: text, in order. */
export interface ExportSink {
  write(text: string): Promise<void>;
}

/** What was written to a file. */
export interface WrittenFile {
  /** File name without its directory. */
  readonly name: string;
  readonly bytes: number;
  /** Hexadecimal. */
  readonly sha256: string;
}

/** A new file that is hashed while it is written. It is readable for its owner alone: it holds who called what. */
export class ExportFile implements ExportSink {
  readonly #path: string;
  readonly #stream: WriteStream;
  readonly #hash: Hash = createHash('sha256');
  #bytes = 0;
  #failure: unknown;
  /** Also when it fails. */
  readonly #closed: Promise<unknown>;

  private constructor(path: string, stream: WriteStream) {
    this.#path = path;
    this.#stream = stream;
    stream.on('error', (error) => {
      this.#failure = error;
    });
    this.#closed = new Promise<void>((resolve) => stream.once('close', resolve));
  }

  /**
   * Makes the file, and its directory.
   *
   * @throws SetupError `ERR_CLI_USAGE` when it can not be made, or exists already.
   */
  static async create(directory: string, name: string): Promise<ExportFile> {
    const path = join(directory, name);
    try {
      await mkdir(directory, { recursive: true, mode: 0o700 });
      const stream = createWriteStream(path, { flags: 'wx', mode: 0o600 });
      await once(stream, 'open');
      return new ExportFile(path, stream);
    } catch (cause) {
      throw unwritable(path, cause);
    }
  }

  async write(data: string | Uint8Array): Promise<void> {
    const bytes = typeof data === 'string' ? Buffer.from(data, 'utf8') : data;
    this.#hash.update(bytes);
    this.#bytes += bytes.length;
    if (this.#failure !== undefined) throw unwritable(this.#path, this.#failure);
    if (!this.#stream.write(bytes)) await Promise.race([once(this.#stream, 'drain'), this.#closed]);
  }

  async close(): Promise<WrittenFile> {
    await new Promise<void>((resolve) => this.#stream.end(() => resolve()));
    if (this.#failure !== undefined) throw unwritable(this.#path, this.#failure);
    return { name: basename(this.#path), bytes: this.#bytes, sha256: this.#hash.digest('hex') };
  }
}

function unwritable(file: string, cause: unknown): SetupError {
  return new SetupError({
    code: 'ERR_CLI_USAGE',
    file,
    problem: `the file can not be written (${cause instanceof Error ? cause.message : String(cause)})`,
    remedy: 'name a directory that can be written and does not hold an export already',
    cause,
  });
}
