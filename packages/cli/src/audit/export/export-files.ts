import { createHash, randomUUID, type Hash } from 'node:crypto';
import { link, lstat, mkdir, open, rename, rm, rmdir, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { SetupError } from '@sallyport/core';
import { removedAtExit } from '../../terminal/removed-at-exit.ts';

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

const bufferBytes = 65_536;

/**
 * A new file that is hashed while it is written. It is readable for its owner alone: it holds who called what. It has another name until
 * it is whole: a file with its name is never a part of one.
 */
export class ExportFile implements ExportSink {
  readonly #path: string;
  readonly #draft: string;
  readonly #handle: FileHandle;
  /** The directory, when it was made for this file. */
  readonly #made: string | undefined;
  readonly #forget: () => void;
  readonly #hash: Hash = createHash('sha256');
  #buffered: Uint8Array[] = [];
  #bufferedBytes = 0;
  #bytes = 0;
  #published = false;

  private constructor(path: string, draft: string, handle: FileHandle, made: string | undefined) {
    this.#path = path;
    this.#draft = draft;
    this.#handle = handle;
    this.#made = made;
    this.#forget = removedAtExit(draft);
  }

  /**
   * Makes the file under a name for drafts, and its directory.
   *
   * @throws SetupError `ERR_CLI_USAGE` when it can not be made, or exists already.
   */
  static async create(path: string): Promise<ExportFile> {
    try {
      const directory = dirname(path);
      const made = await mkdir(directory, { recursive: true, mode: 0o700 });
      await requireNone(path);
      const draft = join(directory, `.${basename(path)}.${randomUUID()}.part`);
      return new ExportFile(path, draft, await open(draft, 'wx', 0o600), made && directory);
    } catch (cause) {
      throw unwritable(path, cause);
    }
  }

  async write(data: string | Uint8Array): Promise<void> {
    const bytes = typeof data === 'string' ? Buffer.from(data, 'utf8') : data;
    this.#hash.update(bytes);
    this.#bytes += bytes.length;
    this.#buffered.push(bytes);
    this.#bufferedBytes += bytes.length;
    if (this.#bufferedBytes >= bufferBytes) await this.#flush();
  }

  /** Writes what is left. The file has its name only after `publish`. */
  async finish(): Promise<WrittenFile> {
    await this.#flush();
    await this.#handle.close().catch((cause: unknown) => {
      throw unwritable(this.#path, cause);
    });
    return { name: basename(this.#path), bytes: this.#bytes, sha256: this.#hash.digest('hex') };
  }

  /** Gives the file its name. What has it by now stays as it is. */
  async publish(): Promise<void> {
    try {
      await nameDraft(this.#draft, this.#path);
      this.#published = true;
      this.#forget();
    } catch (cause) {
      throw unwritable(this.#path, cause);
    }
  }

  /** Removes the file, also when it has its name. */
  async discard(): Promise<void> {
    await this.#handle.close().catch(() => undefined);
    await rm(this.#published ? this.#path : this.#draft, { force: true });
    this.#forget();
    // Not when it holds something.
    if (this.#made !== undefined) await rmdir(this.#made).catch(() => undefined);
  }

  async #flush(): Promise<void> {
    const bytes = Buffer.concat(this.#buffered);
    this.#buffered = [];
    this.#bufferedBytes = 0;
    await this.#handle.appendFile(bytes).catch((cause: unknown) => {
      throw unwritable(this.#path, cause);
    });
  }
}

/**
 * Writes a new file as a whole.
 *
 * @throws SetupError `ERR_CLI_USAGE` when it exists already or can not be written; then there is none.
 */
export async function writeNewFile(path: string, text: string): Promise<WrittenFile> {
  const file = await ExportFile.create(path);
  try {
    await file.write(text);
    const written = await file.finish();
    await file.publish();
    return written;
  } catch (error) {
    await file.discard();
    throw error;
  }
}

async function requireNone(path: string): Promise<void> {
  const stats = await lstat(path).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  });
  if (stats !== undefined) throw new Error('it exists already');
}

/** Unlike a rename, a link never replaces a file. */
async function nameDraft(draft: string, path: string): Promise<void> {
  try {
    await link(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw error;
    // A file system without links: an empty file takes the name first.
    await (await open(path, 'wx', 0o600)).close();
    try {
      await rename(draft, path);
    } catch (cause) {
      await rm(path, { force: true });
      throw cause;
    }
    return;
  }
  await rm(draft, { force: true });
}

function unwritable(file: string, cause: unknown): SetupError {
  return new SetupError({
    code: 'ERR_CLI_USAGE',
    file,
    problem: `the file can not be written (${cause instanceof Error ? cause.message : String(cause)})`,
    remedy: 'name one that does not exist yet, in a directory that can be written',
    cause,
  });
}
