import { hash } from 'node:crypto';
import type { VerifiedToken } from './verified-token.ts';

export interface PrincipalCacheOptions {
  readonly maxEntries: number;
  /** Bound on the memory of all entries together, estimated from the length of their tokens. */
  readonly maxBytes: number;
}

/** Objects and strings of an entry that do not grow with its token. */
const ENTRY_BYTES = 512;

/**
 * Verified tokens by the SHA-256 of all their bytes, least recently used out first. Holds no token. It decides nothing: whoever finds an
 * entry checks that it still holds.
 */
export class PrincipalCache {
  readonly #options: PrincipalCacheOptions;
  readonly #entries = new Map<string, { readonly value: VerifiedToken; readonly bytes: number }>();
  #bytes = 0;

  constructor(options: PrincipalCacheOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(digest: string): VerifiedToken | undefined {
    const entry = this.#entries.get(digest);
    if (entry === undefined) return undefined;
    this.#entries.delete(digest);
    this.#entries.set(digest, entry);
    return entry.value;
  }

  /** `tokenLength` is what the size of the entry is estimated from. */
  set(digest: string, value: VerifiedToken, tokenLength: number): void {
    this.delete(digest);
    const bytes = ENTRY_BYTES + tokenLength;
    this.#entries.set(digest, { value, bytes });
    this.#bytes += bytes;
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.#options.maxEntries && this.#bytes <= this.#options.maxBytes) break;
      this.delete(oldest);
    }
  }

  delete(digest: string): void {
    this.#bytes -= this.#entries.get(digest)?.bytes ?? 0;
    this.#entries.delete(digest);
  }

  clear(): void {
    this.#entries.clear();
    this.#bytes = 0;
  }
}

/** The key of a token in the cache. Nothing is compared with the token itself, so timing tells nothing about cached ones. */
export function tokenDigest(token: string): string {
  return hash('sha256', token, 'base64');
}
