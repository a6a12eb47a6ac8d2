import { join } from 'node:path';
import { logEvent, tell, type Observer, type OperationalLogger } from '@sallyport/core';
import { writeDurable, writeRenamed } from '../files/write-durable.ts';
import { errorText } from '../log/error-code.ts';
import type { Evidence } from '../log/evidence.ts';
import type { SigningKey } from '../note/signer.ts';
import type { SegmentFileSystem } from '../segment/segment-file-system.ts';
import type { Tree } from '../tree/tree.ts';
import { checkpointName, frontierName } from './evidence-files.ts';
import { formatFrontier } from './frontier-file.ts';
import { LineHasher } from './line-hasher.ts';
import { signCheckpoint } from './sign-checkpoint.ts';
import { signOpening } from './sign-opening.ts';

export interface StreamEvidenceOptions {
  readonly directory: string;
  readonly stream: string;
  /** The tree of what is on disk. */
  readonly tree: Tree;
  /** Whether the newest checkpoint covers all of it: then a note says that this start goes on behind it. */
  readonly wholeSigned?: boolean;
  /** Its name is the origin of the checkpoints. */
  readonly signer: SigningKey;
  /** The key that signed before: the first checkpoint is signed by both. */
  readonly handover?: Handover;
  readonly fileSystem: SegmentFileSystem;
  readonly log: OperationalLogger;
  readonly observer: Observer;
  /** Rejects when this process may no longer write to the stream; `undefined` when there is no doubt. */
  readonly mayWrite: () => Promise<void> | undefined;
  /** Fewest milliseconds between two checkpoints. Default 1000. */
  readonly intervalMs?: number;
  /** Takes every checkpoint that is durable. */
  readonly publish?: (origin: string, note: string, size: number) => void;
}

export interface Handover {
  /** The old key, where it is at hand. */
  readonly signer?: SigningKey;
  /** The first checkpoint is durable. */
  confirm(note: string): Promise<void>;
}

/** A state of the tree, to be signed. */
interface Snapshot {
  readonly firstSeq: number;
  readonly size: number;
  readonly root: Buffer;
}

const defaultIntervalMs = 1000;
const overdueMs = 30_000;

/** The evidence of one stream. */
export class StreamEvidence implements Evidence {
  readonly #options: StreamEvidenceOptions;
  readonly #lines: LineHasher;
  /** Last checkpoints of segments that are closed. */
  readonly #closing: Snapshot[] = [];
  readonly #intervalMs: number;
  #handover: Handover | undefined;
  #segment: number | undefined;
  #checkpointed = 0;
  #started = false;
  #told = false;
  #stopped = false;
  #timer: NodeJS.Timeout | undefined;
  #dueMs = 0;
  #writing: Promise<void> | undefined;
  #lastMs: number = Number.NEGATIVE_INFINITY;
  #failure: { readonly sinceMs: number; readonly error: unknown } | undefined;

  constructor(options: StreamEvidenceOptions) {
    this.#options = options;
    this.#lines = new LineHasher(options.tree);
    this.#handover = options.handover;
    this.#intervalMs = options.intervalMs ?? defaultIntervalMs;
  }

  get checkpointed(): number {
    return this.#checkpointed;
  }

  get problem(): string | undefined {
    if (this.#failure === undefined) return undefined;
    return `checkpoints of the audit log can not be written (${errorText(this.#failure.error)})`;
  }

  get overdue(): boolean {
    return this.#failure !== undefined && performance.now() - this.#failure.sinceMs > overdueMs;
  }

  async segmentOpening(firstSeq: number): Promise<void> {
    const { tree, directory, stream, fileSystem } = this.#options;
    await this.#lines.drained();
    if (tree.size !== firstSeq) throw new Error(`the evidence is at ${tree.size}, not at ${firstSeq}`);
    if (this.#segment !== undefined) {
      this.#closing.push(this.#snapshot(this.#segment));
      this.#segment = undefined;
      this.#schedule(0);
    } else if (!this.#started && this.#options.wholeSigned === true) {
      await signOpening({ ...this.#options, firstSeq, former: this.#handover?.signer });
    }
    await writeRenamed(join(directory, frontierName(stream, firstSeq)), formatFrontier(tree.frontier()), fileSystem);
  }

  segmentOpened(firstSeq: number): void {
    this.#segment = firstSeq;
  }

  flushed(blocks: readonly Uint8Array[]): void {
    this.#lines.add(blocks);
    if (this.#started) this.#schedule(this.#intervalMs);
  }

  /** Begins to write checkpoints, with a first one. Never rejects. */
  async start(): Promise<void> {
    this.#started = true;
    await this.#run();
  }

  async close(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#writing;
    await this.#run();
    const { log, stream } = this.#options;
    if (this.#failure !== undefined) {
      logEvent(log, 'sallyport.audit.checkpoint_unfinished', { stream, error: errorText(this.#failure.error) });
    }
  }

  /** Sees to a checkpoint so long after the last one, or sooner when that was asked for already. */
  #schedule(gapMs: number): void {
    if (this.#stopped || this.#writing !== undefined) return;
    const nowMs = performance.now();
    const dueMs = Math.max(nowMs, this.#lastMs + gapMs);
    if (this.#timer !== undefined && this.#dueMs <= dueMs) return;
    clearTimeout(this.#timer);
    this.#dueMs = dueMs;
    this.#timer = setTimeout(() => void this.#run(), dueMs - nowMs);
    this.#timer.unref();
  }

  async #run(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#writing = this.#write();
    await this.#writing;
    this.#writing = undefined;
    const more = this.#lines.waiting || this.#options.tree.size > this.#checkpointed || this.#closing.length > 0;
    if (more || this.#failure !== undefined) this.#schedule(this.#intervalMs);
  }

  /** Signs what is durable, and before that what closed segments still lack. Never rejects. */
  async #write(): Promise<void> {
    this.#lastMs = performance.now();
    try {
      await this.#options.mayWrite();
      for (let next = this.#closing[0]; next !== undefined; next = this.#closing[0]) {
        await this.#checkpoint(next);
        this.#closing.shift();
      }
      await this.#lines.drained();
      // Between here and the next await nothing is told, so tree and segment belong together.
      if (
        this.#segment !== undefined &&
        (this.#options.tree.size > this.#checkpointed || this.#failure !== undefined)
      ) {
        await this.#checkpoint(this.#snapshot(this.#segment));
      }
      this.#onWritten();
    } catch (error) {
      this.#onFailed(error);
    }
  }

  #snapshot(firstSeq: number): Snapshot {
    const { tree } = this.#options;
    return { firstSeq, size: tree.size, root: tree.root() };
  }

  async #checkpoint({ firstSeq, size, root }: Snapshot): Promise<void> {
    const { directory, stream, signer, fileSystem, publish } = this.#options;
    const notes = signCheckpoint({ size, root, signer, former: this.#handover?.signer });
    await writeDurable(join(directory, checkpointName(stream, firstSeq)), notes.checkpoint, fileSystem);
    this.#checkpointed = size;
    await this.#handover?.confirm(notes.handover);
    this.#handover = undefined;
    publish?.(signer.name, notes.checkpoint, size);
  }

  #onWritten(): void {
    const failed = this.#failure !== undefined;
    this.#failure = undefined;
    if (failed) logEvent(this.#options.log, 'sallyport.audit.checkpoint_recovered', { stream: this.#options.stream });
    if (failed || !this.#told) this.#tell(true);
  }

  #onFailed(error: unknown): void {
    if (this.#failure !== undefined) return;
    const { log, stream } = this.#options;
    this.#failure = { sinceMs: performance.now(), error };
    logEvent(log, 'sallyport.audit.checkpoint_failed', { stream, error: errorText(error) });
    this.#tell(false);
  }

  #tell(ok: boolean): void {
    this.#told = true;
    tell(this.#options.observer, { type: 'audit.checkpoint', origin: this.#options.signer.name, ok });
  }
}
