import { emptyRoot, nodeHash } from './hash-leaf.ts';

/**
 * The path that leads from a leaf to the root of the first `size` leaves (RFC 9162 §2.1.3.1), lowest first.
 *
 * @throws RangeError when there is no such leaf.
 */
export function inclusionProof(leaves: readonly Uint8Array[], index: number, size: number = leaves.length): Buffer[] {
  requireRange(leaves, index, size, 0, size - 1);
  const path: Buffer[] = [];
  descend(0, size);
  return path;

  function descend(from: number, to: number): void {
    if (to - from <= 1) return;
    const split = from + largestPowerBelow(to - from);
    if (index < split) {
      descend(from, split);
      path.push(rootOf(leaves, split, to));
    } else {
      descend(split, to);
      path.push(rootOf(leaves, from, split));
    }
  }
}

/**
 * What shows that the tree of the first `size` leaves begins with the tree of the first `first` (RFC 9162 §2.1.4.1).
 *
 * @throws RangeError when the sizes do not fit.
 */
export function consistencyProof(leaves: readonly Uint8Array[], first: number, size: number = leaves.length): Buffer[] {
  requireRange(leaves, first, size, 0, size);
  const proof: Buffer[] = [];
  if (first > 0 && first < size) descend(0, size, true);
  return proof;

  /** `known`: the verifier has the root of this subtree, for it is the whole of the first tree. */
  function descend(from: number, to: number, known: boolean): void {
    if (first === to) {
      if (!known) proof.push(rootOf(leaves, from, to));
      return;
    }
    const split = from + largestPowerBelow(to - from);
    if (first <= split) {
      descend(from, split, known);
      proof.push(rootOf(leaves, split, to));
    } else {
      descend(split, to, false);
      proof.push(rootOf(leaves, from, split));
    }
  }
}

/** Root of the leaves `from` (included) to `to` (excluded): RFC 9162 §2.1.1. */
export function rootOf(leaves: readonly Uint8Array[], from = 0, to: number = leaves.length): Buffer {
  const only = leaves[from];
  if (to <= from || only === undefined) return emptyRoot();
  if (to - from === 1) return Buffer.from(only);
  const split = from + largestPowerBelow(to - from);
  return nodeHash(rootOf(leaves, from, split), rootOf(leaves, split, to));
}

/** The largest power of two smaller than `count`, which is at least 2. */
function largestPowerBelow(count: number): number {
  let power = 1;
  while (power * 2 < count) power *= 2;
  return power;
}

function requireRange(leaves: readonly Uint8Array[], value: number, size: number, low: number, high: number): void {
  if (!Number.isSafeInteger(size) || size < 0 || size > leaves.length)
    throw new RangeError(`there are no ${size} leaves`);
  if (!Number.isSafeInteger(value) || value < low || value > high) {
    throw new RangeError(`${value} is not between ${low} and ${high}`);
  }
}
