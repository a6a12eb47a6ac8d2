import { hash } from 'node:crypto';
import type { VerifiedToken } from './verified-token.ts';

export interface PrincipalCacheOptions {
  readonly maxEntries: number;
  /** Bound on the memory of all entries together, estimated from what they hold. */
  readonly maxBytes: number;
}

/** What every entry holds, whatever its token says. */
const ENTRY_BYTES = 512;
/** A string, list or object without its content, and the reference to it. */
const VALUE_BYTES = 32;

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

  set(digest: string, value: VerifiedToken): void {
    this.delete(digest);
    const bytes = ENTRY_BYTES + heldBytes(value.principal) + heldBytes(value.confirmation);
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

/** The memory that the texts, lists and objects in a value take at most, roughly: two bytes for every UTF-16 code unit. */
function heldBytes(value: unknown): number {
  if (typeof value === 'string') return VALUE_BYTES + 2 * value.length;
  if (typeof value !== 'object' || value === null) return 0;
  let bytes = VALUE_BYTES;
  for (const member of Object.values(value)) bytes += heldBytes(member);
  return bytes;
}

/** The key of a token in the cache. Nothing is compared with the token itself, so timing tells nothing about cached ones. */
export function tokenDigest(token: string): string {
  return hash('sha256', token, 'base64');
}
