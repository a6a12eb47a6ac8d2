import type { Requirement } from './requirement.ts';

/** RFC 8725: JSON Web Token best current practices. */
export const jwtPracticeRequirements = {
  'TOKEN-8725-ALGORITHMS': {
    text: 'Only the algorithms listed for the issuer are used, whatever the token says and the key could do.',
    source: 'RFC 8725 §3.1 (MUST)',
  },
  'TOKEN-8725-ONE-ALGORITHM': {
    text: 'That a key is used with exactly one algorithm is checked with every token.',
    source: 'RFC 8725 §3.1 (MUST)',
  },
  'TOKEN-8725-APPROPRIATE': {
    text: 'No symmetric algorithm and no none can be configured or used.',
    source: 'RFC 8725 §3.2 (MUST, SHOULD)',
  },
  'TOKEN-8725-ALL-OPERATIONS': {
    text: 'A token of which any cryptographic operation fails is refused whole.',
    source: 'RFC 8725 §3.3 (MUST)',
  },
  'TOKEN-8725-INPUTS': {
    text: 'Keys with invalid values, such as points off their curve or of small order, verify nothing.',
    source: 'RFC 8725 §3.4',
  },
  'TOKEN-8725-KEY-STRENGTH': {
    text: 'Keys that are too weak, or so large that they cost too much, verify nothing.',
    source: 'RFC 8725 §3.5 (MUST)',
  },
  'TOKEN-8725-NO-COMPRESSION': {
    text: 'A compressed token is refused.',
    source: 'RFC 8725 §3.6 (SHOULD NOT)',
  },
  'TOKEN-8725-UTF8': {
    text: 'Header and claims in another encoding than UTF-8 are refused.',
    source: 'RFC 8725 §3.7 (MUST)',
  },
  'TOKEN-8725-ISSUER-KEYS': {
    text: 'A token whose signing key does not belong to its iss is refused.',
    source: 'RFC 8725 §3.8 (MUST)',
  },
  'TOKEN-8725-SUBJECT': {
    text: 'A subject that is no printable text of reasonable length is refused.',
    source: 'RFC 8725 §3.8 (MUST)',
  },
  'TOKEN-8725-AUDIENCE': {
    text: 'A token for somebody else, or for nobody, is refused.',
    source: 'RFC 8725 §3.9 (MUST)',
  },
  'TOKEN-8725-UNTRUSTED-CLAIMS': {
    text: 'kid is only looked up, and jku, x5u, jwk and x5c are not followed: no request comes of a token.',
    source: 'RFC 8725 §3.10 (SHOULD)',
  },
  'TOKEN-8725-TYPING': {
    text: 'Explicitly typed tokens of any other kind are refused.',
    source: 'RFC 8725 §3.11',
  },
  'TOKEN-8725-EXCLUSIVE': {
    text: 'ID tokens, refresh tokens, logout tokens, DPoP proofs and client assertions of the same issuer are not taken for access tokens.',
    source: 'RFC 8725 §3.12 (MUST)',
  },
} as const satisfies Readonly<Record<string, Requirement>>;
