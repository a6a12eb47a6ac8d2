import { timingSafeEqual } from 'node:crypto';
import { emptyRoot, hashBytes, nodeHash } from './hash-leaf.ts';
import { ProofError } from './proof-error.ts';

export interface VerifyInclusionOptions {
  /** Leaf hash, see `leafHash`. */
  readonly leaf: Uint8Array;
  /** Place of the leaf: the sequence number of its record. */
  readonly index: number;
  /** Leaves of the tree. */
  readonly size: number;
  readonly proof: readonly Uint8Array[];
  /** Root of the tree, out of a checkpoint whose signature was verified. */
  readonly root: Uint8Array;
}

/**
 * Verifies that a leaf stands at its place in a tree: RFC 9162 §2.1.3.2.
 *
 * @throws ProofError when it does not.
 */
export function verifyInclusion(options: VerifyInclusionOptions): void {
  const { leaf, index, size, proof, root } = options;
  requireSize(size);
  requireSize(index);
  if (index >= size) throw new ProofError(`the tree has no leaf ${index}: it has ${size}`);
  requireHashes([leaf, root, ...proof]);
  let node = index;
  let last = size - 1;
  let hash: Uint8Array = leaf;
  for (const other of proof) {
    if (last === 0) throw new ProofError('the inclusion proof is too long');
    if (isOdd(node) || node === last) {
      hash = nodeHash(other, hash);
      while (!isOdd(node) && node !== 0) {
        node = half(node);
        last = half(last);
      }
    } else {
      hash = nodeHash(hash, other);
    }
    node = half(node);
    last = half(last);
  }
  if (last !== 0) throw new ProofError('the inclusion proof is too short');
  requireEqual(hash, root, 'the inclusion proof leads to another root');
}

export interface VerifyConsistencyOptions {
  /** Leaves and root of the smaller tree. */
  readonly first: number;
  readonly firstRoot: Uint8Array;
  /** Leaves and root of the larger tree. */
  readonly second: number;
  readonly secondRoot: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

/**
 * Verifies that a tree begins with another one: RFC 9162 §2.1.4.2. Two empty proofs need none: the same tree twice, and a tree
 * that began with nothing.
 *
 * @throws ProofError when it does not.
 */
export function verifyConsistency(options: VerifyConsistencyOptions): void {
  const { first, firstRoot, second, secondRoot, proof } = options;
  requireSize(first);
  requireSize(second);
  if (first > second) throw new ProofError(`a tree of ${second} leaves does not begin with one of ${first}`);
  requireHashes([firstRoot, secondRoot, ...proof]);
  if (first === 0 || first === second) {
    if (proof.length > 0) throw new ProofError('the consistency proof is too long');
    if (first === 0) requireEqual(emptyRoot(), firstRoot, 'the root of the empty tree is another one');
    if (first === second) requireEqual(firstRoot, secondRoot, 'two trees of one size have different roots');
    return;
  }
  const roots = foldConsistency(first, firstRoot, second, proof);
  requireEqual(roots.first, firstRoot, 'the consistency proof leads to another first root');
  requireEqual(roots.second, secondRoot, 'the consistency proof leads to another second root');
}

function foldConsistency(
  first: number,
  firstRoot: Uint8Array,
  second: number,
  proof: readonly Uint8Array[],
): { readonly first: Uint8Array; readonly second: Uint8Array } {
  // A first tree that is one perfect subtree is its own first step.
  const [start, ...path] = isPowerOfTwo(first) ? [firstRoot, ...proof] : proof;
  if (start === undefined) throw new ProofError('the consistency proof is too short');
  let node = first - 1;
  let last = second - 1;
  while (isOdd(node)) {
    node = half(node);
    last = half(last);
  }
  let firstHash = start;
  let secondHash = start;
  for (const other of path) {
    if (last === 0) throw new ProofError('the consistency proof is too long');
    if (isOdd(node) || node === last) {
      firstHash = nodeHash(other, firstHash);
      secondHash = nodeHash(other, secondHash);
      while (!isOdd(node) && node !== 0) {
        node = half(node);
        last = half(last);
      }
    } else {
      secondHash = nodeHash(secondHash, other);
    }
    node = half(node);
    last = half(last);
  }
  if (last !== 0) throw new ProofError('the consistency proof is too short');
  return { first: firstHash, second: secondHash };
}

function requireSize(value: number): void {
  if (!Number.isSafeInteger(value) || value < 0) throw new ProofError(`${value} is no place in a tree`);
}

function requireHashes(hashes: readonly Uint8Array[]): void {
  if (hashes.some((hash) => hash.length !== hashBytes)) throw new ProofError('a hash has 32 bytes');
}

function requireEqual(a: Uint8Array, b: Uint8Array, problem: string): void {
  if (!timingSafeEqual(a, b)) throw new ProofError(problem);
}

function isOdd(value: number): boolean {
  return value % 2 === 1;
}

function half(value: number): number {
  return Math.floor(value / 2);
}

function isPowerOfTwo(value: number): boolean {
  let rest = value;
  while (rest > 1 && !isOdd(rest)) rest = half(rest);
  return rest === 1;
}
