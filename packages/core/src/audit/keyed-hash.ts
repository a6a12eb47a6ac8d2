import { createHmac, createSecretKey, hash as digest } from 'node:crypto';
import { SetupError } from '../errors/setup-error.ts';

/** Fewest bytes of a key: the length of the hash (RFC 2104 §3). */
const minKeyLength = 32;
/** Bytes of a block of SHA-256. */
const blockBytes = 64;
/** Longest text, in UTF-16 units, that is hashed without a hash object of its own. */
const maxShortLength = 1024;

export interface KeyedHashOptions {
  /** Names the key in every hash, so that a log outlives a rotation; 1 to 16 letters and digits, default `k1`. */
  readonly keyId?: string;
}

/** A value that is hashed piece by piece. */
export interface HashInProgress {
  /** A piece of the text. No surrogate pair may be cut in two. */
  update(piece: string): void;
  /** The same as `hash` of all pieces in one. To be called once. */
  digest(): string;
}

/** Hides values so that only who holds the key can compare or guess them. */
export interface KeyedHash {
  readonly keyId: string;
  /**
   * HMAC-SHA-256 of the value as `hmac-sha256:<key id>:<base64url>`. The domain says what the value is: equal values of
   * different domains can not be recognised as equal. Lone surrogates are hashed as U+FFFD.
   */
  hash(value: string, ...domain: string[]): string;
  /** The same for many values whose domains differ only in their last part. */
  within(...domain: string[]): (value: string, last: string) => string;
  /** The same for a value that comes in pieces. */
  begin(...domain: string[]): HashInProgress;
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
  const short = createShortMac(key);
  const prefix = `hmac-sha256:${keyId}:`;
  const hashed = (input: string): string =>
    prefix +
    (input.length <= maxShortLength ? short(input) : createHmac('sha256', secret).update(input).digest('base64url'));
  return Object.freeze({
    keyId,
    hash: (value: string, ...domain: string[]): string => hashed(domainText(domain.length, domain) + value),
    within(...domain: string[]): (value: string, last: string) => string {
      const start = domainText(domain.length + 1, domain);
      return (value, last) => hashed(`${start}${last.length}:${last}${value}`);
    },
    begin(...domain: string[]): HashInProgress {
      const mac = createHmac('sha256', secret).update(domainText(domain.length, domain));
      return {
        update: (piece) => void mac.update(piece),
        digest: () => prefix + mac.digest('base64url'),
      };
    },
  });
}

function domainText(parts: number, domain: readonly string[]): string {
  let text = `${parts};`;
  for (const part of domain) text += `${part.length}:${part}`;
  return text;
}

/**
 * HMAC (RFC 2104 §2) of a short text as two plain hashes over buffers that hold the padded key already: half the time of an
 * HMAC object, which matters with one hash for each leaf of each call.
 */
function createShortMac(key: Uint8Array): (text: string) => string {
  const block = Buffer.alloc(blockBytes);
  block.set(key.byteLength > blockBytes ? Buffer.from(digest('sha256', key, 'hex'), 'hex') : key);
  // Three bytes for each UTF-16 unit are enough in UTF-8.
  const inner = Buffer.alloc(blockBytes + 3 * maxShortLength);
  const outer = Buffer.alloc(blockBytes + 32);
  for (const [index, byte] of block.entries()) {
    inner[index] = byte ^ 0x36;
    outer[index] = byte ^ 0x5c;
  }
  block.fill(0);
  return (text) => {
    const length = inner.write(text, blockBytes, 'utf8');
    outer.write(digest('sha256', inner.subarray(0, blockBytes + length), 'binary'), blockBytes, 'latin1');
    return digest('sha256', outer, 'base64url');
  };
}
