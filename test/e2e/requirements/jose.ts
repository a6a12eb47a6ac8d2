import type { Requirement } from './requirement.ts';

/** RFC 7515 (JWS), RFC 7517 (JWK), RFC 7518 (JWA) and what they lean on. */
export const joseRequirements = {
  'TOKEN-7515-COMPACT': {
    text: 'A token is three segments of base64url without padding, white space or other characters, in their one canonical spelling.',
    source: 'RFC 7515 §2, §3.1, §5.2, §7.1; RFC 4648 §3.5',
  },
  'TOKEN-7515-HEADER': {
    text: 'A header that is not one JSON object in UTF-8 with unique names is refused.',
    source: 'RFC 7515 §4 (MUST), §5.2, §10.12',
  },
  'TOKEN-7515-ALG': {
    text: 'A token without alg, or with an alg that is not understood, is refused.',
    source: 'RFC 7515 §4.1.1 (MUST)',
  },
  'TOKEN-7515-KID': {
    text: 'A kid is a string that is compared exactly; any other kid is refused.',
    source: 'RFC 7515 §4.1.4 (MUST), §5.3',
  },
  'TOKEN-7515-TYP': {
    text: 'A typ without a slash means the same as with application/ before it, in any case of its letters.',
    source: 'RFC 7515 §4.1.9 (MUST)',
  },
  'TOKEN-7515-CRIT': {
    text: 'A token with crit is refused: no extension is understood.',
    source: 'RFC 7515 §4.1.11 (MUST); RFC 7797 §6',
  },
  'TOKEN-7515-SIGNATURE': {
    text: 'A token whose signature does not verify over its exact bytes is refused.',
    source: 'RFC 7515 §5.2 (MUST)',
  },
  'TOKEN-7515-ACCEPTABLE-ALG': {
    text: 'A token is refused unless its algorithm is acceptable, though its signature verifies.',
    source: 'RFC 7515 §5.2 (SHOULD); RFC 7519 §7.2 (SHOULD)',
  },
  'TOKEN-7517-KEYS': {
    text: 'A key set is a JSON object with a list of keys, else nothing of it is used.',
    source: 'RFC 7517 §5 (MUST)',
  },
  'TOKEN-7517-UNKNOWN-KEYS': {
    text: 'Keys of an unknown type, with a missing member or a value out of range are ignored, and the others are used.',
    source: 'RFC 7517 §5 (SHOULD)',
  },
  'TOKEN-7517-UNKNOWN-MEMBERS': {
    text: 'Members of a key that are not understood are ignored.',
    source: 'RFC 7517 §4 (MUST)',
  },
  'TOKEN-7517-USE': {
    text: 'A key whose use or key_ops is not for the verification of signatures verifies none.',
    source: 'RFC 7517 §4.2, §4.3',
  },
  'TOKEN-7517-ALG': {
    text: 'A key that is kept for one algorithm verifies no other.',
    source: 'RFC 7517 §4.4; RFC 8725 §3.1 (MUST)',
  },
  'TOKEN-7517-KID': {
    text: 'A kid that several keys of an issuer have selects none of them, and issuers do not share kids.',
    source: 'RFC 7517 §4.5 (SHOULD)',
  },
  'TOKEN-7517-PRIVATE': {
    text: 'Private and symmetric keys in a published key set are not used.',
    source: 'RFC 7517 §9.2, §9.3 (MUST)',
  },
  'TOKEN-7518-RSA-SIZE': {
    text: 'An RSA key with fewer than 2048 bits verifies nothing.',
    source: 'RFC 7518 §3.3, §3.5 (MUST)',
  },
  'TOKEN-7518-SIGNATURE-FORM': {
    text: 'A signature of another length or form than its algorithm has is refused.',
    source: 'RFC 7518 §3.4 (MUST); RFC 8032 §5.1.7',
  },
} as const satisfies Readonly<Record<string, Requirement>>;
