import type { StartedEvidence } from '../checkpoint/prepare-evidence.ts';
import type { StreamLock } from '../lock/stream-lock.ts';
import type { CommitStore } from '../segment/commit-hooks.ts';
import type { RecordLine } from '../segment/record-line.ts';
import type { RotationReason } from '../segment/rotate-policy.ts';
import type { SegmentStore } from '../segment/segment-store.ts';

/** A directory whose stream this process writes. */
export interface OpenedCopy {
  /** Its first segment is open. */
  readonly store: SegmentStore;
  readonly evidence: StartedEvidence;
  readonly lock: StreamLock;
  /** Waits for what goes on in the background since it was opened. */
  readonly settled: () => Promise<void>;
  /** Deletes old segments of the streams of writers that are gone. Never rejects. */
  readonly retainOthers: () => Promise<void>;
}

/** Takes the lock and begins a segment with the records of a start. */
export type OpenCopy = () => Promise<OpenedCopy>;

/** The segments of one copy, which may not be open yet: its directory was not there at the start, and comes back later. */
export class CopyStore implements CommitStore {
  readonly #open: OpenCopy;
  #opened: OpenedCopy | undefined;

  constructor(open: OpenCopy) {
    this.#open = open;
  }

  get opened(): OpenedCopy | undefined {
    return this.#opened;
  }

  get current(): string | undefined {
    return this.#opened?.store.current;
  }

  get due(): RotationReason | undefined {
    return this.#opened?.store.due;
  }

  /** Rejects when this process may no longer write here; `undefined` when there is no doubt. */
  confirm(): Promise<void> | undefined {
    return this.#opened?.lock.confirm();
  }

  async open(): Promise<boolean> {
    if (this.#opened !== undefined) return false;
    this.#opened = await this.#open();
    return true;
  }

  append(lines: readonly RecordLine[]): Promise<void> {
    return this.#store().append(lines);
  }

  begin(lines: readonly RecordLine[]): Promise<void> {
    return this.#store().begin(lines);
  }

  async close(): Promise<void> {
    await this.#opened?.store.close();
  }

  /** Writes the last checkpoint and gives the lock back. */
  async release(): Promise<void> {
    await this.#opened?.settled();
    await this.#opened?.evidence.close();
    await this.#opened?.lock.release();
  }

  #store(): SegmentStore {
    if (this.#opened === undefined) throw new Error('it is not open');
    return this.#opened.store;
  }
}
