import type { Requirement } from './requirement.ts';

/** How the keys of an issuer are had and kept. */
export const issuerKeyRequirements = {
  'TOKEN-KEYS-ROTATION': {
    text: 'When an issuer rotates its keys, tokens of the old and of the new key pass, after one fetch.',
    source: 'Keys; OpenID Connect Core 1.0 §10.1.1',
  },
  'TOKEN-KEYS-REMOVAL': {
    text: 'A key that the issuer withdrew is refused after the next fetch, and after ten minutes at the latest, cached tokens too.',
    source: 'Keys; RFC 7517 §5',
  },
  'TOKEN-KEYS-STALE': {
    text: 'While the keys can not be fetched those that are held are used, for an hour at most, and tokens of others are 503.',
    source: 'Keys',
  },
  'TOKEN-KEYS-COLD-START': {
    text: 'A server whose issuer is down starts, answers its tokens with 503, says so in /readyz, and recovers by itself.',
    source: 'Keys',
  },
  'TOKEN-KEYS-BACKOFF': {
    text: 'An issuer that fails is asked again after 1, 2, 4 and at most 60 seconds, however many requests come.',
    source: 'Keys',
  },
  'TOKEN-KEYS-UNKNOWN-KID': {
    text: 'Unknown key ids cause at most one fetch in 30 seconds for each issuer.',
    source: 'Keys; RFC 8725 §3.10',
  },
  'TOKEN-KEYS-ONE-FETCH': {
    text: 'Requests that need the same keys at the same time cause one fetch.',
    source: 'Keys',
  },
  'TOKEN-KEYS-BOUNDED': {
    text: 'A fetch ends after 5 seconds, 1 MiB or 100 keys, follows no redirect and inflates nothing.',
    source: 'Keys; RFC 8414 §6.2',
  },
  'TOKEN-KEYS-ADDRESSES': {
    text: 'Nothing is fetched from private, link-local and reserved addresses unless that is configured, however the name resolves.',
    source: 'Keys; MCP security best practices, server-side request forgery',
  },
  'TOKEN-KEYS-NO-REQUEST-FETCH': {
    text: 'Nothing in a request decides where is fetched from: issuers that are not configured are never asked.',
    source: 'Keys; RFC 8725 §3.10; RFC 9068 §4',
  },
  'TOKEN-CACHE-EXPIRY': {
    text: 'A token that was accepted is not accepted a moment longer for being cached.',
    source: 'Cache; RFC 7519 §4.1.4',
  },
  'TOKEN-CACHE-BOUNDED': {
    text: 'The cache of verified tokens is bounded by count and bytes, and an invalid token leaves nothing in it.',
    source: 'Cache',
  },
  'TOKEN-FLOOD-LIMITED': {
    text: 'Unique invalid tokens beyond the limit of their address are 429 before a key is looked for or a signature checked.',
    source: 'Cache; RFC 6585 §4',
  },
} as const satisfies Readonly<Record<string, Requirement>>;
