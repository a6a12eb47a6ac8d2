import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { identityKey, type Principal } from '@sallyport/core';
import type { ListName } from '../edge/filter-lists.ts';

/** Makes the cursors of a server good for one caller only, and unreadable: a cursor may name what the caller must not know of. */
export interface CursorSeal {
  /** What the caller gets in place of the server's cursor. Another one each time. */
  seal(cursor: string, owner: Principal, list: ListName): string;
  /** The server's cursor; `undefined` for one that was not given to this caller, for this list, by a process with this key. */
  open(sealed: string, caller: Principal, list: ListName): string | undefined;
}

const algorithm = 'aes-256-gcm';
const ivBytes = 12;
const tagBytes = 16;

/**
 * Seals with AES-256-GCM; caller, list and resource are authenticated with the cursor. Keeps nothing.
 *
 * @param resource cursors of another resource are not opened, also with the same key
 * @param key the secret of all processes of the resource. Default: random, so that only this process opens what it sealed
 */
export function createCursorSeal(resource: string, key: string | undefined): CursorSeal {
  const secret =
    key === undefined ? randomBytes(32) : Buffer.from(hkdfSync('sha256', key, '', 'sallyport list cursor', 32));
  const purpose = (principal: Principal, list: ListName): Buffer =>
    Buffer.from(JSON.stringify([resource, identityKey(principal), list]));
  return {
    seal(cursor, owner, list) {
      const iv = randomBytes(ivBytes);
      const cipher = createCipheriv(algorithm, secret, iv).setAAD(purpose(owner, list));
      return Buffer.concat([iv, cipher.update(cursor, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString(
        'base64url',
      );
    },
    open(sealed, caller, list) {
      const bytes = Buffer.from(sealed, 'base64url');
      // Node's decoder skips what it does not know; one cursor has one spelling.
      if (bytes.length < ivBytes + tagBytes || bytes.toString('base64url') !== sealed) return undefined;
      const decipher = createDecipheriv(algorithm, secret, bytes.subarray(0, ivBytes), { authTagLength: tagBytes })
        .setAAD(purpose(caller, list))
        .setAuthTag(bytes.subarray(-tagBytes));
      try {
        return Buffer.concat([decipher.update(bytes.subarray(ivBytes, -tagBytes)), decipher.final()]).toString('utf8');
      } catch {
        return undefined;
      }
    },
  };
}
