import { createHmac, createSecretKey } from 'node:crypto';
import { SetupError } from '../errors/setup-error.ts';

/** Fewest bytes of a key: the length of the hash (RFC 2104 §3). */
const minKeyLength = 32;

export interface KeyedHashOptions {
  /** Names the key in every hash, so that a log outlives a rotation; 1 to 16 letters and digits, default `k1`. */
  readonly keyId?: string;
}

/** Hides values so that only who holds the key can compare or guess them. */
export interface KeyedHash {
  readonly keyId: string;
  /**
   * HMAC-SHA-256 of the value as `hmac-sha256:<key id>:<base64url>`. The domain says what the value is: equal values of
   * different domains can not be recognised as equal. Lone surrogates are hashed as U+FFFD.
   */
  hash(value: string, ...domain: string[]): string;
}

/**
 * Makes a keyed hash. What is hashed: the number of domain parts, then each part behind its length, then the value, so that
 * no two different inputs read the same.
 *
 * @throws SetupError `ERR_AUDIT_KEY` when the key has less than 32 bytes or the key id another form.
 */
export function createKeyedHash(key: Uint8Array, options: KeyedHashOptions = {}): KeyedHash {
  const { keyId = 'k1' } = options;
  if (key.byteLength < minKeyLength) {
    throw new SetupError({
      code: 'ERR_AUDIT_KEY',
      problem: `the hash key has ${key.byteLength} bytes, at least ${minKeyLength} are needed`,
      remedy: 'use 32 random bytes',
    });
  }
  if (!/^[A-Za-z0-9]{1,16}$/.test(keyId)) {
    throw new SetupError({
      code: 'ERR_AUDIT_KEY',
      problem: 'the id of the hash key is not 1 to 16 letters and digits',
      remedy: 'use an id such as k1',
    });
  }
  const secret = createSecretKey(key);
  const prefix = `hmac-sha256:${keyId}:`;
  return Object.freeze({
    keyId,
    hash(value: string, ...domain: string[]): string {
      let input = `${domain.length};`;
      for (const part of domain) input += `${part.length}:${part}`;
      return (
        prefix +
        createHmac('sha256', secret)
          .update(input + value)
          .digest('base64url')
      );
    },
  });
}
