import { quote, refuse } from '../refuse.ts';
import type { Claims } from './decode-jwt.ts';

/** What `aud` has to say. */
export interface AudiencePolicy {
  /** One of them must be named. */
  readonly accepted: ReadonlySet<string>;
  /** Entries besides ours that mean nobody else, such as the issuer itself. */
  readonly known: ReadonlySet<string>;
  /** Nobody else may be named. */
  readonly strict: boolean;
  /** What a token without `aud` is: refused, meant for its own client, or accepted because the clients are listed. */
  readonly absent: 'refused' | 'client' | 'accepted';
}

/**
 * Checks `aud` (RFC 7519 §4.1.3, RFC 9068 §4): one accepted string, or a list of strings with one of them. Strings are compared exactly.
 * True when it names somebody else too.
 *
 * Throws `Refusal` `aud_mismatch`.
 */
export function checkAudience(claims: Claims, policy: AudiencePolicy, clientId: unknown): boolean {
  const { accepted, absent } = policy;
  const aud = claims['aud'] === undefined && absent === 'client' ? clientId : claims['aud'];
  if (aud === undefined && absent === 'accepted') return false;
  if (typeof aud === 'string') {
    if (!accepted.has(aud)) throw refuse('aud_mismatch', 'aud is another resource', { aud: quote(aud, 256) });
    return false;
  }
  if (!Array.isArray(aud) || !aud.every((entry) => typeof entry === 'string')) {
    throw refuse('aud_mismatch', 'aud is missing or not a string or list of strings');
  }
  if (!aud.some((entry) => accepted.has(entry)))
    throw refuse('aud_mismatch', 'aud names other resources only', { aud: quote(aud.join(' '), 256) });
  const others = aud.filter((entry) => !accepted.has(entry) && !policy.known.has(entry));
  if (policy.strict && others.length > 0)
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
