import { AnchorQueue, type AnchorQueueOptions } from './anchor-queue.ts';
import type { CheckpointAnchor } from './checkpoint-anchor.ts';

/** The anchors of a log: each has the checkpoints of every stream that this process writes or finishes. */
export class Anchors {
  readonly #anchors: readonly CheckpointAnchor[];
  readonly #options: Omit<AnchorQueueOptions, 'origin'>;
  readonly #queues: Map<string, readonly AnchorQueue[]> = new Map();

  constructor(anchors: readonly CheckpointAnchor[], options: Omit<AnchorQueueOptions, 'origin'>) {
    this.#anchors = anchors;
    this.#options = options;
  }

  /** What is wrong, in one line for an operator. */
  get problem(): string | undefined {
    return [...this.#queues.values()].flat().find(({ problem }) => problem !== undefined)?.problem;
  }

  /** Takes a signed checkpoint and returns at once. */
  offer(origin: string, note: string, size: number): void {
    let queues = this.#queues.get(origin);
    if (queues === undefined) {
      queues = this.#anchors.map((anchor) => new AnchorQueue(anchor, { ...this.#options, origin }));
      this.#queues.set(origin, queues);
    }
    for (const queue of queues) queue.offer(note, size);
  }

  /** Brings the last checkpoints to their anchors, in at most so many milliseconds, and stops. */
  async close(timeoutMs: number): Promise<void> {
    await Promise.all([...this.#queues.values()].flat().map((queue) => queue.close(timeoutMs)));
    await Promise.allSettled(this.#anchors.map(async (anchor) => anchor.close?.()));
  }
}
