import { hash } from 'node:crypto';

/** Bytes of a hash. */
export const hashBytes: number = 32;

const leafPrefix = 0x00;
const nodePrefix = 0x01;
let line: Buffer = Buffer.alloc(16 * 1024, leafPrefix);
const pair: Buffer = Buffer.alloc(1 + 2 * hashBytes, nodePrefix);

/** Root of the tree without leaves: SHA-256 of nothing (RFC 9162 §2.1.1). */
export function emptyRoot(): Buffer {
  return Buffer.from(hash('sha256', '', 'hex'), 'hex');
}

/**
 * Leaf hash of a line of a segment: SHA-256(0x00 ‖ line), RFC 9162 §2.1.1. The line is given without its line feed, byte for byte
 * as it stands on disk.
 */
export function leafHash(bytes: Uint8Array): Buffer {
  const leaf = Buffer.allocUnsafe(hashBytes);
  writeLeafHash(bytes, leaf, 0);
  return leaf;
}

/** Node hash: SHA-256(0x01 ‖ left ‖ right), RFC 9162 §2.1.1. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  const node = Buffer.allocUnsafe(hashBytes);
  pair.set(left, 1);
  pair.set(right, 1 + hashBytes);
  digestInto(pair, node, 0);
  return node;
}

/** The leaf hash of `bytes`, put to a place of its own. */
export function writeLeafHash(bytes: Uint8Array, target: Buffer, at: number): void {
  if (bytes.length >= line.length) line = Buffer.alloc(2 ** Math.ceil(Math.log2(bytes.length + 1)), leafPrefix);
  line.set(bytes, 1);
  digestInto(line.subarray(0, bytes.length + 1), target, at);
  // One very long line must not hold its memory for ever.
  if (line.length > 1024 * 1024) line = Buffer.alloc(16 * 1024, leafPrefix);
}

/** The node hash of the two hashes that stand at `at` takes the place of the left one. */
export function mergePair(hashes: Buffer, at: number): void {
  hashes.copy(pair, 1, at, at + 2 * hashBytes);
  digestInto(pair, hashes, at);
}

/** One-shot, and as a string: half the time of a digest that comes as a buffer of its own. */
function digestInto(bytes: Buffer, target: Buffer, at: number): void {
  target.write(hash('sha256', bytes, 'binary'), at, 'latin1');
}
