import type { Tree } from '../tree/tree.ts';

/** Bytes hashed at a time: well below a millisecond. */
const sliceBytes = 256 * 1024;
/** More bytes than these do not wait: whoever adds them hashes them. */
const maxWaitingBytes = 8 * 1024 * 1024;
const lineFeed = 0x0a;

/** Puts the lines of written blocks into a tree, a little at a time, behind whatever else the process has to do. */
export class LineHasher {
  readonly #tree: Tree;
  #blocks: Uint8Array[] = [];
  /** Where the first block goes on. */
  #offset = 0;
  #waitingBytes = 0;
  #running: Promise<void> | undefined;

  constructor(tree: Tree) {
    this.#tree = tree;
  }

  get waiting(): boolean {
    return this.#blocks.length > 0;
  }

  /** Whole lines, each with its line feed. */
  add(blocks: readonly Uint8Array[]): void {
    for (const block of blocks) {
      if (block.length === 0) continue;
      this.#blocks.push(block);
      this.#waitingBytes += block.length;
    }
    if (this.#waitingBytes > maxWaitingBytes) this.finish();
    else if (this.waiting) this.#running ??= this.#run();
  }

  /** Hashes everything at once. */
  finish(): void {
    while (this.waiting) this.#slice();
  }

  /** Resolves when nothing waits. */
  async drained(): Promise<void> {
    while (this.waiting) await (this.#running ??= this.#run());
  }

  async #run(): Promise<void> {
    while (this.waiting) {
      await new Promise(setImmediate);
      this.#slice();
    }
    this.#running = undefined;
  }

  #slice(): void {
    let room = sliceBytes;
    for (let [block] = this.#blocks; block !== undefined && room > 0; [block] = this.#blocks) {
      const start = this.#offset;
      let from = start;
      while (from < block.length && from - start < room) {
        const end = block.indexOf(lineFeed, from);
        const to = end === -1 ? block.length : end;
        this.#tree.appendLine(block.subarray(from, to));
        from = to + 1;
      }
      const done = Math.min(from, block.length) - start;
      room -= done;
      this.#waitingBytes -= done;
      this.#offset = from;
      if (from < block.length) return;
      this.#blocks.shift();
      this.#offset = 0;
    }
  }
}
