import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  consistencyProof,
  inclusionProof,
  leafHash,
  nodeHash,
  ProofError,
  rootOf,
  verifyConsistency,
  verifyInclusion,
} from '../../src/index.ts';
import { flipped, leavesOf } from '../support/leaves.ts';

const leaves = leavesOf(300);
/** A tree, a place in it, and a bit to change somewhere. */
const places = fc
  .integer({ min: 1, max: leaves.length })
  .chain((size) =>
    fc.record({ size: fc.constant(size), index: fc.nat(size - 1), bit: fc.nat(255), which: fc.nat(20) }),
  );

describe('an inclusion proof', () => {
  test('holds for every leaf of every small tree', () => {
    for (let size = 1; size <= 40; size++) {
      const root = rootOf(leaves, 0, size);
      for (let index = 0; index < size; index++) {
        verifyInclusion({ leaf: leaves[index] ?? root, index, size, proof: inclusionProof(leaves, index, size), root });
      }
    }
    expect.assertions(0);
  });

  test('does not hold when a single bit of it, of its leaf or of the root is another one', () => {
    fc.assert(
      fc.property(places, ({ size, index, bit, which }) => {
        const leaf = leaves[index] ?? Buffer.alloc(32);
        const proof = inclusionProof(leaves, index, size);
        const root = rootOf(leaves, 0, size);
        const good = { leaf, index, size, proof, root };
        verifyInclusion(good);
        expect(() => verifyInclusion({ ...good, leaf: flipped(leaf, bit) })).toThrow(ProofError);
        expect(() => verifyInclusion({ ...good, root: flipped(root, bit) })).toThrow(ProofError);
        const broken = proof.map((hash, at) => (at === which % proof.length ? flipped(hash, bit) : hash));
        if (proof.length > 0) expect(() => verifyInclusion({ ...good, proof: broken })).toThrow(ProofError);
      }),
    );
  });

  test('does not hold for another place, when it is cut, or with something behind it', () => {
    fc.assert(
      fc.property(places, ({ size, index, which }) => {
        const leaf = leaves[index] ?? Buffer.alloc(32);
        const proof = inclusionProof(leaves, index, size);
        const good = { leaf, index, size, proof, root: rootOf(leaves, 0, size) };
        const other = (index + 1 + which) % size;
        if (other !== index) expect(() => verifyInclusion({ ...good, index: other })).toThrow(ProofError);
        if (proof.length > 0) expect(() => verifyInclusion({ ...good, proof: proof.slice(0, -1) })).toThrow(ProofError);
        expect(() => verifyInclusion({ ...good, proof: [...proof, leaf] })).toThrow(ProofError);
      }),
    );
  });

  test('can not show a node as a leaf', () => {
    const [a, b] = leavesOf(2);
    const node = nodeHash(a ?? Buffer.alloc(32), b ?? Buffer.alloc(32));
    const data = Buffer.concat([a ?? Buffer.alloc(32), b ?? Buffer.alloc(32)]);
    expect(() => verifyInclusion({ leaf: leafHash(data), index: 0, size: 1, proof: [], root: node })).toThrow(
      ProofError,
    );
  });

  test('is refused with a place, a size or hashes that can not be', () => {
    const leaf = leafHash(Buffer.from('a'));
    const good = { leaf, index: 0, size: 1, proof: [], root: leaf };
    for (const bad of [
      { index: 1 },
      { index: -1 },
      { index: 0.5 },
      { size: 0 },
      { size: Number.NaN },
      { size: 2 ** 53 },
      { leaf: Buffer.alloc(31) },
      { root: Buffer.alloc(33) },
      { size: 2, proof: [Buffer.alloc(31)] },
    ]) {
      expect(() => verifyInclusion({ ...good, ...bad })).toThrow(ProofError);
    }
  });
});

describe('a consistency proof', () => {
  const pairs = fc
    .integer({ min: 1, max: leaves.length })
    .chain((second) =>
      fc.record({ second: fc.constant(second), first: fc.nat(second), bit: fc.nat(255), which: fc.nat(20) }),
    );

  test('holds for every pair of small trees', () => {
    for (let second = 1; second <= 40; second++) {
      const secondRoot = rootOf(leaves, 0, second);
      for (let first = 0; first <= second; first++) {
        const proof = consistencyProof(leaves, first, second);
        verifyConsistency({ first, firstRoot: rootOf(leaves, 0, first), second, secondRoot, proof });
      }
    }
    expect.assertions(0);
  });

  test('does not hold when a single bit of it or of one of the roots is another one', () => {
    fc.assert(
      fc.property(pairs, ({ first, second, bit, which }) => {
        const firstRoot = rootOf(leaves, 0, first);
        const secondRoot = rootOf(leaves, 0, second);
        const proof = consistencyProof(leaves, first, second);
        const good = { first, firstRoot, second, secondRoot, proof };
        verifyConsistency(good);
        expect(() => verifyConsistency({ ...good, firstRoot: flipped(firstRoot, bit) })).toThrow(ProofError);
        if (first > 0) {
          expect(() => verifyConsistency({ ...good, secondRoot: flipped(secondRoot, bit) })).toThrow(ProofError);
        }
        const broken = proof.map((hash, at) => (at === which % proof.length ? flipped(hash, bit) : hash));
        if (proof.length > 0) expect(() => verifyConsistency({ ...good, proof: broken })).toThrow(ProofError);
        expect(() => verifyConsistency({ ...good, proof: [...proof, firstRoot] })).toThrow(ProofError);
        if (proof.length > 0) {
          expect(() => verifyConsistency({ ...good, proof: proof.slice(0, -1) })).toThrow(ProofError);
        }
      }),
    );
  });

  test('does not exist for a log that was rewritten', () => {
    fc.assert(
      fc.property(pairs, ({ first, second, which }) => {
        fc.pre(first > 0 && first < second);
        const other = leaves.slice(0, second);
        other[which % first] = leafHash(Buffer.from('rewritten'));
        const firstRoot = rootOf(leaves, 0, first);
        const forged = { first, firstRoot, second, secondRoot: rootOf(other), proof: consistencyProof(other, first) };
        expect(() => verifyConsistency(forged)).toThrow(ProofError);
      }),
    );
  });

  test('is refused when the first tree is the larger one', () => {
    const root = rootOf(leaves, 0, 2);
    const options = { first: 3, firstRoot: root, second: 2, secondRoot: root, proof: [] };
    expect(() => verifyConsistency(options)).toThrow('a tree of 2 leaves does not begin with one of 3');
  });
});

test('proofs of places that do not exist are not made', () => {
  for (const make of [
    () => inclusionProof(leaves, 5, 5),
    () => inclusionProof(leaves, -1, 5),
    () => inclusionProof(leaves, 0, 301),
    () => consistencyProof(leaves, 6, 5),
    () => consistencyProof(leaves, 0.5, 5),
  ]) {
    expect(make).toThrow(RangeError);
  }
});
