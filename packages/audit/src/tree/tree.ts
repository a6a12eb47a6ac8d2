import { emptyRoot, hashBytes, leafHash, mergePair, nodeHash, writeLeafHash } from './hash-leaf.ts';

/** What is needed to go on with a tree, or to compute its root: the roots of its perfect subtrees. */
export interface TreeFrontier {
  /** Leaves of the tree. */
  readonly size: number;
  /** As many as `size` has one bits in binary, the largest subtree first. */
  readonly hashes: readonly Uint8Array[];
}

/** A Merkle tree (RFC 9162 §2.1) that only grows. It holds its frontier, not its leaves: at most 53 hashes. */
export interface Tree {
  readonly size: number;
  /** Appends a leaf hash (see `leafHash`). */
  append(leaf: Uint8Array): void;
  /** Appends the leaf of a line, given without its line feed. */
  appendLine(line: Uint8Array): void;
  /** Appends so many leaves of empty lines: what stands for records that are missing. Takes no longer for many. */
  appendMissing(missing: number): void;
  root(): Buffer;
  /** A copy; it does not change when the tree grows. */
  frontier(): { readonly size: number; readonly hashes: readonly Buffer[] };
}

const maxLevels = 54;

/**
 * Makes a tree, empty or going on from a frontier.
 *
 * @throws RangeError when the frontier has another number of hashes than its size asks for.
 */
export function createTree(frontier?: TreeFrontier): Tree {
  // The frontier, largest subtree first; a new leaf is put behind it and merged as far as it goes.
  const hashes = Buffer.alloc(maxLevels * hashBytes);
  let size = 0;
  let count = 0;
  if (frontier !== undefined) {
    requireFrontier(frontier);
    ({ size } = frontier);
    for (const hash of frontier.hashes) hashes.set(hash, count++ * hashBytes);
  }
  /** A perfect subtree of so many leaves has been put behind the others; the size is a multiple of its own. */
  const grow = (span: number): void => {
    count += 1;
    // Numbers beyond 2^31 know no bit operators here.
    for (let rest = size / span; rest % 2 === 1; rest = (rest - 1) / 2) {
      count -= 1;
      mergePair(hashes, (count - 1) * hashBytes);
    }
    size += span;
  };
  const hashAt = (index: number): Buffer => hashes.subarray(index * hashBytes, (index + 1) * hashBytes);
  return {
    get size() {
      return size;
    },
    append(leaf) {
      if (leaf.length !== hashBytes) throw new RangeError('a leaf hash has 32 bytes');
      hashes.set(leaf, count * hashBytes);
      grow(1);
    },
    appendLine(line) {
      writeLeafHash(line, hashes, count * hashBytes);
      grow(1);
    },
    appendMissing(missing) {
      for (let rest = missing; rest > 0;) {
        let span = 1;
        let hash = leafHash(new Uint8Array(0));
        for (; span * 2 <= rest && size % (span * 2) === 0; span *= 2) hash = nodeHash(hash, hash);
        hashes.set(hash, count * hashBytes);
        grow(span);
        rest -= span;
      }
    },
    root() {
      if (count === 0) return emptyRoot();
      let root: Buffer = Buffer.from(hashAt(count - 1));
      for (let index = count - 2; index >= 0; index--) root = nodeHash(hashAt(index), root);
      return root;
    },
    frontier: () => ({ size, hashes: Array.from({ length: count }, (_, index) => Buffer.from(hashAt(index))) }),
  };
}

function requireFrontier({ size, hashes }: TreeFrontier): void {
  if (!Number.isSafeInteger(size) || size < 0) throw new RangeError('the size of a tree is a whole number');
  let ones = 0;
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) ones += rest % 2;
  if (hashes.length !== ones) throw new RangeError(`a tree of ${size} leaves has a frontier of ${ones} hashes`);
  if (hashes.some((hash) => hash.length !== hashBytes)) throw new RangeError('a hash has 32 bytes');
}
