import { randomBytes } from 'node:crypto';
import { leafHash } from '../../src/index.ts';

/** So many different leaves. */
export function leavesOf(count: number): Buffer[] {
  return Array.from({ length: count }, (_, index) => leafHash(Buffer.from(`{"seq":${index}}`)));
}

export function random(length: number): Buffer {
  return randomBytes(length);
}

/** The same bytes with one bit changed. */
export function flipped(bytes: Uint8Array, bit: number): Buffer {
  const changed = Buffer.from(bytes);
  const at = Math.floor(bit / 8) % changed.length;
  changed[at] = (changed[at] ?? 0) ^ (1 << (bit % 8));
  return changed;
}
