import { createHash } from 'node:crypto';

const MAX_TOKENS = 10_000;

/**
 * What an issuer said about tokens before, by their SHA-256 digests: which it called inactive a moment ago, and which were acceptable at
 * some time. Holds 10,000 of each; the oldest give way.
 */
export class TokenMemory {
  /** Until when, in monotonic milliseconds. */
  readonly #inactive = new Map<string, number>();
  readonly #active = new Set<string>();

  static digest(token: string): string {
    return createHash('sha256').update(token).digest('base64');
  }

  isInactive(digest: string, nowMs: number): boolean {
    const until = this.#inactive.get(digest);
    if (until === undefined) return false;
    if (nowMs < until) return true;
    this.#inactive.delete(digest);
    return false;
  }

  wasActive(digest: string): boolean {
    return this.#active.has(digest);
  }

  addInactive(digest: string, untilMs: number): void {
    this.#active.delete(digest);
    this.#inactive.delete(digest);
    this.#inactive.set(digest, untilMs);
    dropOldest(this.#inactive);
  }

  addActive(digest: string): void {
    this.#active.delete(digest);
    this.#active.add(digest);
    dropOldest(this.#active);
  }
}

function dropOldest(entries: Map<string, number> | Set<string>): void {
  if (entries.size <= MAX_TOKENS) return;
  for (const oldest of entries.keys()) {
    entries.delete(oldest);
    return;
  }
}
