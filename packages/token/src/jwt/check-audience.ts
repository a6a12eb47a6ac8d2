import { quote, refuse } from '../refuse.ts';
import type { Claims } from './decode-jwt.ts';

/**
 * Checks `aud` (RFC 7519 §4.1.3, RFC 9068 §4): one accepted string, or a list of strings with one of them. Strings are compared exactly.
 * With `strict` the list may name nobody else. True when it does name somebody else.
 *
 * Throws `Refusal` `aud_mismatch`.
 */
export function checkAudience(claims: Claims, accepted: ReadonlySet<string>, strict: boolean): boolean {
  const { aud } = claims;
  if (typeof aud === 'string') {
    if (!accepted.has(aud)) throw refuse('aud_mismatch', 'aud is another resource', { aud: quote(aud, 256) });
    return false;
  }
  if (!Array.isArray(aud) || !aud.every((entry) => typeof entry === 'string')) {
    throw refuse('aud_mismatch', 'aud is missing or not a string or list of strings');
  }
  const others = aud.filter((entry) => !accepted.has(entry));
  if (others.length === aud.length)
    throw refuse('aud_mismatch', 'aud names other resources only', { aud: quote(others.join(' '), 256) });
  if (strict && others.length > 0)
    throw refuse('aud_mismatch', 'aud names other resources too', { aud: quote(others.join(' '), 256) });
  return others.length > 0;
}

/**
 * The audiences to accept for the configured ones: exactly these, and for a URL that has no path both spellings, with and without the
 * final slash, because RFC 3986 §6.2.3 makes them one resource and common clients write either. URLs with a path have no second spelling.
 */
export function acceptedAudiences(configured: readonly string[]): ReadonlySet<string> {
  const accepted = new Set(configured);
  for (const audience of configured) {
    const match = /^https?:\/\/[^/?#]+(\/?)$/.exec(audience);
    if (match !== null) accepted.add(match[1] === '/' ? audience.slice(0, -1) : `${audience}/`);
  }
  return accepted;
}
