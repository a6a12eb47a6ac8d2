import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { consistencyProof, createTree, inclusionProof, leafHash, nodeHash, rootOf } from '../../src/index.ts';
import { random } from '../support/leaves.ts';

/** The data of the Merkle tree tests of Certificate Transparency, which are those of everybody. */
const inputs = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'].map(
  (hex) => Buffer.from(hex, 'hex'),
);

const roots = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

const hex = (hashes: readonly Uint8Array[]): string[] => hashes.map((hash) => Buffer.from(hash).toString('hex'));

describe('the tree of RFC 6962', () => {
  test('has the roots that Certificate Transparency publishes, whichever way it is computed', () => {
    const tree = createTree();
    const lines = createTree();
    const leaves = inputs.map(leafHash);
    expect(tree.root().toString('hex')).toBe(roots[0]);
    for (const [index, input] of inputs.entries()) {
      tree.append(leafHash(input));
      lines.appendLine(input);
      expect(tree.size).toBe(index + 1);
      expect(hex([tree.root(), lines.root(), rootOf(leaves, 0, index + 1)])).toEqual(Array(3).fill(roots[index + 1]));
    }
  });

  test('has the proofs that Certificate Transparency publishes', () => {
    const leaves = inputs.map(leafHash);
    expect(hex(inclusionProof(leaves, 0, 8))).toEqual([
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ]);
    expect(hex(inclusionProof(leaves, 5, 8))).toEqual([
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ]);
    expect(hex(inclusionProof(leaves, 2, 3))).toEqual([roots[2]]);
    expect(inclusionProof(leaves, 0, 1)).toEqual([]);
    expect(consistencyProof(leaves, 1, 1)).toEqual([]);
    expect(hex(consistencyProof(leaves, 6, 8))).toEqual([
      '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ]);
  });

  test('hashes a leaf and a node apart, so that no leaf can stand for a node', () => {
    const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();
    const line = Buffer.from('{"v":1}');
    expect(leafHash(line)).toEqual(sha256(Buffer.concat([Buffer.of(0), line])));
    expect(nodeHash(leafHash(line), leafHash(line))).toEqual(
      sha256(Buffer.concat([Buffer.of(1), leafHash(line), leafHash(line)])),
    );
  });

  test('takes lines of any length', () => {
    for (const length of [0, 1, 16_383, 16_384, 16_385, 3_000_000]) {
      const line = random(length);
      const expected = createHash('sha256').update(Buffer.of(0)).update(line).digest();
      expect(leafHash(line)).toEqual(expected);
    }
  });
});

describe('a frontier', () => {
  test('is all that is needed to go on: a tree that was put away at any point has the same root later', () => {
    fc.assert(
      fc.property(fc.nat(600), fc.nat(600), (first, more) => {
        const whole = createTree();
        for (let index = 0; index < first; index++) whole.appendLine(Buffer.from(String(index)));
        const restored = createTree(whole.frontier());
        const leaves = Array.from({ length: first + more }, (_, index) => leafHash(Buffer.from(String(index))));
        for (const leaf of leaves.slice(first)) restored.append(leaf);
        expect(restored.size).toBe(first + more);
        expect(restored.root()).toEqual(rootOf(leaves));
      }),
    );
  });

  test('is a copy and does not grow with its tree', () => {
    const tree = createTree();
    tree.appendLine(Buffer.from('a'));
    const frontier = tree.frontier();
    tree.appendLine(Buffer.from('b'));
    expect(createTree(frontier).root()).toEqual(leafHash(Buffer.from('a')));
  });

  test('of another number of hashes than its size asks for is refused', () => {
    const hash = Buffer.alloc(32);
    for (const frontier of [
      { size: 3, hashes: [hash] },
      { size: 4, hashes: [hash, hash] },
      { size: 1, hashes: [Buffer.alloc(31)] },
      { size: -1, hashes: [] },
      { size: 1.5, hashes: [hash] },
    ]) {
      expect(() => createTree(frontier)).toThrow(RangeError);
    }
  });

  test('of a tree beyond what bit operators know still merges as it should', () => {
    const size = 2 ** 40 - 1;
    const hashes = Array.from({ length: 40 }, (_, index) => leafHash(Buffer.from(String(index))));
    const tree = createTree({ size, hashes });
    tree.append(leafHash(Buffer.from('last')));
    expect(tree.size).toBe(2 ** 40);
    expect(tree.frontier().hashes).toEqual([tree.root()]);
  });
});

test('missing records count as empty lines, however many they are', () => {
  fc.assert(
    fc.property(fc.nat(70), fc.nat(300), fc.nat(70), (before, missing, after) => {
      const tree = createTree();
      const leaves: Buffer[] = [];
      const add = (count: number): void => {
        for (let index = 0; index < count; index++) {
          const leaf = leafHash(Buffer.from(`line ${leaves.length}`));
          leaves.push(leaf);
          tree.append(leaf);
        }
      };
      add(before);
      tree.appendMissing(missing);
      leaves.push(...Array.from({ length: missing }, () => leafHash(new Uint8Array(0))));
      add(after);
      expect(tree.size).toBe(leaves.length);
      expect(tree.root()).toEqual(rootOf(leaves));
    }),
  );
  const huge = createTree();
  huge.appendMissing(2 ** 50);
  expect(huge.size).toBe(2 ** 50);
});
