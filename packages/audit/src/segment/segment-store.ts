import { access, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { noEvidence, type Evidence } from '../log/evidence.ts';
import { finishLine, type RecordLine } from './record-line.ts';
import { defaultRotatePolicy, rotationDue, type RotatePolicy, type RotationReason } from './rotate-policy.ts';
import type { SegmentFile, SegmentFileSystem } from './segment-file-system.ts';
import { segmentName } from './segment-name.ts';

export interface SegmentStoreOptions {
  readonly directory: string;
  readonly stream: string;
  /** Sequence number of the next record. */
  readonly nextSeq: number;
  readonly fileSystem: SegmentFileSystem;
  /** Told of everything that becomes durable. Default: none is kept. */
  readonly evidence?: Evidence;
  readonly rotate?: RotatePolicy;
  /**
   * Throws when this process may no longer write to the stream. Asked when bytes are durable and nobody has been told yet: another
   * process may have taken the stream over since they were on their way. Default: it may.
   */
  readonly requireHeld?: () => void;
}

/** Lines and characters turned into bytes at once; more would hold the event loop. */
const chunk = { lines: 256, length: 256 * 1024 };

interface OpenSegment {
  readonly file: SegmentFile;
  readonly name: string;
  bytes: number;
  records: number;
  readonly sinceMs: number;
}

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
  readonly #evidence: Evidence;
  readonly #rotate: RotatePolicy;
  readonly #requireHeld: () => void;
  readonly #firstSeq: number;
  #nextSeq: number;
  #open: OpenSegment | undefined;
  /** A segment that got its name and was then not made durable: nothing in it was acknowledged, it may be replaced. */
  #unconfirmed: string | undefined;
  #current: string | undefined;

  constructor(options: SegmentStoreOptions) {
    this.#directory = options.directory;
    this.#stream = options.stream;
    this.#fileSystem = options.fileSystem;
    this.#firstSeq = options.nextSeq;
    this.#nextSeq = options.nextSeq;
    this.#evidence = options.evidence ?? noEvidence;
    this.#rotate = options.rotate ?? defaultRotatePolicy;
    this.#requireHeld = options.requireHeld ?? ((): void => undefined);
  }

  /** File name of the segment written last. */
  get current(): string | undefined {
    return this.#current;
  }

  /** Number of the first record written here. */
  get firstSeq(): number {
    return this.#firstSeq;
  }

  /** Every record below this number is durable. */
  get nextSeq(): number {
    return this.#nextSeq;
  }

  /** Why the open segment should be followed by a new one. */
  get due(): RotationReason | undefined {
    return this.#open === undefined ? undefined : rotationDue(this.#rotate, this.#open);
  }

  /** Appends to the open segment. When it rejects, the segment is abandoned for good: only `begin` can go on. */
  async append(lines: readonly RecordLine[]): Promise<void> {
    const open = this.#open;
    if (open === undefined) throw new Error('no segment is open');
    let blocks: Buffer[];
    try {
      blocks = await writeLines(open.file, lines, this.#nextSeq);
      await open.file.datasync();
      this.#requireHeld();
      this.#requireNamed(open.file, open.name);
    } catch (error) {
      await this.close();
      throw error;
    }
    this.#confirm(open, lines, blocks);
  }

  /** Opens a new segment with these lines. It gets its name when they are durable: a segment is never empty. */
  async begin(lines: readonly RecordLine[]): Promise<void> {
    await this.close();
    const { file: name } = segmentName(this.#stream, this.#nextSeq);
    const path = join(this.#directory, name);
    const draft = `${path}.new`;
    await rm(draft, { force: true });
    const file = await this.#fileSystem.create(draft);
    let blocks: Buffer[];
    try {
      blocks = await writeLines(file, lines, this.#nextSeq);
      await file.datasync();
      this.#requireHeld();
      if (this.#unconfirmed !== path && (await exists(path))) throw new Error(`${name} exists already`);
      await this.#evidence.segmentOpening(this.#nextSeq);
      await rename(draft, path);
      this.#unconfirmed = path;
      await this.#fileSystem.syncDirectory(this.#directory);
      this.#requireHeld();
      this.#requireNamed(file, name);
    } catch (error) {
      await file.close().catch(() => undefined);
      await rm(draft, { force: true }).catch(() => undefined);
      throw error;
    }
    this.#unconfirmed = undefined;
    this.#current = name;
    this.#open = { file, name, bytes: 0, records: 0, sinceMs: performance.now() };
    this.#evidence.segmentOpened(this.#nextSeq);
    this.#confirm(this.#open, lines, blocks);
  }

  async close(): Promise<void> {
    const open = this.#open;
    this.#open = undefined;
    // An error of `close` says nothing about bytes that `fdatasync` has confirmed.
    await open?.file.close().catch(() => undefined);
  }

  /** What is durable in a file without its name is lost with the last descriptor; nobody may be told that it is on disk. */
  #requireNamed(file: SegmentFile, name: string): void {
    if (file.isAt(join(this.#directory, name))) return;
    // Whatever has the name now is not ours to replace.
    this.#unconfirmed = undefined;
    throw new Error(`${name} was removed, moved or replaced`);
  }

  #confirm(open: OpenSegment, lines: readonly RecordLine[], blocks: readonly Buffer[]): void {
    for (const block of blocks) open.bytes += block.length;
    open.records += lines.length;
    this.#nextSeq += lines.length;
    this.#evidence.flushed(blocks);
  }
}

/** Gives the bytes as they were written. */
async function writeLines(file: SegmentFile, lines: readonly RecordLine[], firstSeq: number): Promise<Buffer[]> {
  const blocks: Buffer[] = [];
  for (let from = 0; from < lines.length;) {
    let text = '';
    let to = from;
    for (; to < lines.length && to - from < chunk.lines && text.length < chunk.length; to++) {
      const line = lines[to];
      if (line !== undefined) text += finishLine(line, firstSeq + to);
    }
    const block = Buffer.from(text, 'utf8');
    blocks.push(block);
    await writeFully(file, block);
    from = to;
  }
  return blocks;
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
