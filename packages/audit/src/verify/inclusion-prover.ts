import { leafHash, nodeHash } from '../tree/hash-leaf.ts';
import type { TreeFrontier } from '../tree/tree.ts';

/** A perfect subtree: the leaves `index × 2^level` to `(index + 1) × 2^level - 1`. */
interface Subtree {
  readonly level: number;
  readonly index: number;
  readonly hash: Buffer;
}

/**
 * Makes inclusion proofs (RFC 9162 §2.1.3.1) for some leaves of a tree while its lines go by, from a frontier on. Memory holds the
 * paths and not the leaves.
 */
export class InclusionProver {
  readonly #wanted: readonly number[];
  /** Hashes that stand in a path, by `<level> <index>`. */
  readonly #nodes: Map<string, Buffer> = new Map();
  readonly #stack: Subtree[] = [];
  #size: number;

  /** `wanted`: indices of the leaves, ascending, none before the frontier. */
  constructor(frontier: TreeFrontier, wanted: readonly number[]) {
    this.#wanted = wanted;
    this.#size = frontier.size;
    let from = 0;
    for (const hash of frontier.hashes) {
      const level = Math.floor(Math.log2(frontier.size - from));
      this.#push({ level, index: from / 2 ** level, hash: Buffer.from(hash) });
      from += 2 ** level;
    }
  }

  get size(): number {
    return this.#size;
  }

  /** The next line, without its line feed. */
  append(line: Uint8Array): void {
    this.#push({ level: 0, index: this.#size, hash: leafHash(line) });
    for (let rest = this.#size; rest % 2 === 1; rest = (rest - 1) / 2) {
      const right = this.#stack.pop() as Subtree;
      const left = this.#stack.pop() as Subtree;
      this.#push({ level: left.level + 1, index: left.index / 2, hash: nodeHash(left.hash, right.hash) });
    }
    this.#size += 1;
  }

  root(): Buffer | undefined {
    return this.#fold(0);
  }

  /** The path of a leaf in the tree as it is now, lowest first. */
  proof(leaf: number): Buffer[] {
    const at = this.#stack.findIndex(({ level, index }) => Math.floor(leaf / 2 ** level) === index);
    const around = this.#stack[at];
    if (around === undefined) throw new RangeError(`the tree has no leaf ${leaf}`);
    const path: Buffer[] = [];
    for (let level = 0; level < around.level; level += 1) {
      const node = this.#nodes.get(`${level} ${siblingOf(Math.floor(leaf / 2 ** level))}`);
      if (node === undefined) throw new RangeError(`leaf ${leaf} was not asked for`);
      path.push(node);
    }
    const right = this.#fold(at + 1);
    if (right !== undefined) path.push(right);
    for (let left = at - 1; left >= 0; left -= 1) path.push((this.#stack[left] as Subtree).hash);
    return path;
  }

  #push(node: Subtree): void {
    this.#stack.push(node);
    if (this.#isBeside(node)) this.#nodes.set(`${node.level} ${node.index}`, node.hash);
  }

  /** True when the other half of its parent holds a leaf that is asked for. */
  #isBeside({ level, index }: Subtree): boolean {
    const from = siblingOf(index) * 2 ** level;
    let low = 0;
    let high = this.#wanted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#wanted[middle] as number) < from) low = middle + 1;
      else high = middle;
    }
    return (this.#wanted[low] ?? Number.POSITIVE_INFINITY) < from + 2 ** level;
  }

  /** Root of the subtrees from a place of the stack on. */
  #fold(from: number): Buffer | undefined {
    let root = this.#stack.at(-1)?.hash;
    if (root === undefined || from >= this.#stack.length) return undefined;
    for (let at = this.#stack.length - 2; at >= from; at -= 1) root = nodeHash((this.#stack[at] as Subtree).hash, root);
    return root;
  }
}

function siblingOf(index: number): number {
  return index % 2 === 0 ? index + 1 : index - 1;
}
