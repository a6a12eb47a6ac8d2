import { access, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { finishLine, type RecordLine } from './record-line.ts';
import type { SegmentFile, SegmentFileSystem } from './segment-file-system.ts';
import { segmentName } from './segment-name.ts';

export interface SegmentStoreOptions {
  readonly directory: string;
  readonly stream: string;
  /** Sequence number of the next record. */
  readonly nextSeq: number;
  readonly fileSystem: SegmentFileSystem;
}

/** Lines turned into bytes at once; more would hold the event loop. */
const chunkLines = 1024;

/**
 * The segments of one stream, from the writing side. One caller at a time.
 *
 * Sequence numbers are given here, at the moment of writing, and move on only when the bytes are durable. So after a failed write
 * the next segment starts with the first number that was never acknowledged, and what the abandoned file holds from there on is
 * superseded by it.
 */
export class SegmentStore {
  readonly #directory: string;
  readonly #stream: string;
  readonly #fileSystem: SegmentFileSystem;
  #nextSeq: number;
  #open: { readonly file: SegmentFile; readonly name: string } | undefined;
  /** A segment that got its name and was then not made durable: nothing in it was acknowledged, it may be replaced. */
  #unconfirmed: string | undefined;
  #current: string | undefined;

  constructor(options: SegmentStoreOptions) {
    this.#directory = options.directory;
    this.#stream = options.stream;
    this.#fileSystem = options.fileSystem;
    this.#nextSeq = options.nextSeq;
  }

  /** File name of the segment written last. */
  get current(): string | undefined {
    return this.#current;
  }

  get nextSeq(): number {
    return this.#nextSeq;
  }

  /** Appends to the open segment. When it rejects, the segment is abandoned for good: only `begin` can go on. */
  async append(lines: readonly RecordLine[]): Promise<void> {
    const open = this.#open;
    if (open === undefined) throw new Error('no segment is open');
    try {
      await writeLines(open.file, lines, this.#nextSeq);
      await open.file.datasync();
    } catch (error) {
      await this.close();
      throw error;
    }
    this.#nextSeq += lines.length;
  }

  /** Opens a new segment with these lines. It gets its name when they are durable: a segment is never empty. */
  async begin(lines: readonly RecordLine[]): Promise<void> {
    await this.close();
    const { file: name } = segmentName(this.#stream, this.#nextSeq);
    const path = join(this.#directory, name);
    const draft = `${path}.new`;
    await rm(draft, { force: true });
    const file = await this.#fileSystem.create(draft);
    try {
      await writeLines(file, lines, this.#nextSeq);
      await file.datasync();
      if (this.#unconfirmed !== path && (await exists(path))) throw new Error(`${name} exists already`);
      await rename(draft, path);
      this.#unconfirmed = path;
      await this.#fileSystem.syncDirectory(this.#directory);
    } catch (error) {
      await file.close().catch(() => undefined);
      await rm(draft, { force: true }).catch(() => undefined);
      throw error;
    }
    this.#unconfirmed = undefined;
    this.#open = { file, name };
    this.#current = name;
    this.#nextSeq += lines.length;
  }

  async close(): Promise<void> {
    const open = this.#open;
    this.#open = undefined;
    // An error of `close` says nothing about bytes that `fdatasync` has confirmed.
    await open?.file.close().catch(() => undefined);
  }
}

async function writeLines(file: SegmentFile, lines: readonly RecordLine[], firstSeq: number): Promise<void> {
  for (let from = 0; from < lines.length; from += chunkLines) {
    let text = '';
    const to = Math.min(from + chunkLines, lines.length);
    for (let index = from; index < to; index++) {
      const line = lines[index];
      if (line !== undefined) text += finishLine(line, firstSeq + index);
    }
    await writeFully(file, Buffer.from(text, 'utf8'));
  }
}

async function writeFully(file: SegmentFile, bytes: Buffer): Promise<void> {
  let offset = 0;
  while (offset < bytes.length) {
    const written = await file.write(bytes, offset);
    if (written <= 0) throw new Error('the system wrote nothing');
    offset += written;
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
