import { createHash } from 'node:crypto';
import { wellFormed } from '@sallyport/core';

/** Signature type of Ed25519 in signed notes (C2SP signed-note). */
export const ed25519Type = 0x01;

/** Key id: the first four bytes of SHA-256(name ‖ 0x0A ‖ 0x01 ‖ public key), as eight hexadecimal digits (C2SP signed-note). */
export function ed25519KeyId(name: string, publicKey: Uint8Array): string {
  const hash = createHash('sha256').update(`${name}\n`, 'utf8').update(Buffer.of(ed25519Type)).update(publicKey);
  return hash.digest('hex').slice(0, 8);
}

/** True for a name that a key may have: not empty, well-formed, without white space, control characters and plus signs. */
export function isKeyName(name: string): boolean {
  return name.length > 0 && name.length <= 512 && wellFormed(name) === name && !/[\s\p{Cc}+]/u.test(name);
}
