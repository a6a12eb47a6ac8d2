import type { Requirement } from './requirement.ts';

/** RFC 7519 (JWT) and RFC 9068 (JWT access tokens). */
export const jwtRequirements = {
  'TOKEN-7519-CLAIMS': {
    text: 'A payload that is not one JSON object in UTF-8 is refused.',
    source: 'RFC 7519 §7.2 (MUST)',
  },
  'TOKEN-7519-UNIQUE-CLAIMS': {
    text: 'A claim that stands twice makes the token refused.',
    source: 'RFC 7519 §4 (MUST)',
  },
  'TOKEN-7519-UNKNOWN-CLAIMS': {
    text: 'Claims that are not understood are ignored.',
    source: 'RFC 7519 §4 (MUST)',
  },
  'TOKEN-7519-COMPARE': {
    text: 'Issuers, audiences, subjects and scopes are compared code point by code point, without normalisation.',
    source: 'RFC 7519 §2 (StringOrURI), §7.3 (MUST)',
  },
  'TOKEN-7519-AUD': {
    text: 'A token whose aud does not name this server is refused.',
    source: 'RFC 7519 §4.1.3 (MUST)',
  },
  'TOKEN-7519-EXP': {
    text: 'A token is refused from the moment of exp on, but for a small leeway.',
    source: 'RFC 7519 §4.1.4 (MUST NOT)',
  },
  'TOKEN-7519-NBF': {
    text: 'A token is refused before nbf, but for a small leeway.',
    source: 'RFC 7519 §4.1.5 (MUST NOT)',
  },
  'TOKEN-7519-NUMERIC-DATE': {
    text: 'Times are JSON numbers, also with fractions; anything else is refused.',
    source: 'RFC 7519 §2 (NumericDate), §4.1.4 to §4.1.6 (MUST)',
  },
  'TOKEN-7519-JTI': {
    text: 'A jti is a string; any other jti is refused.',
    source: 'RFC 7519 §4.1.7 (MUST)',
  },
  'TOKEN-7519-NESTED': {
    text: 'A nested or encrypted token is refused, whatever is inside.',
    source: 'RFC 7519 §5.2, §7.2; RFC 8725 §3.3',
  },
  'TOKEN-7519-UNSECURED': {
    text: 'A token without a signature is refused.',
    source: 'RFC 7519 §6, §7.2; RFC 9068 §2.1 (MUST NOT)',
  },
  'TOKEN-9068-TYP': {
    text: 'A typ other than at+jwt or application/at+jwt is refused under the profile of RFC 9068.',
    source: 'RFC 9068 §4 (MUST)',
  },
  'TOKEN-9068-ISS': {
    text: 'An iss that is not exactly the identifier of a configured issuer is refused.',
    source: 'RFC 9068 §4 (MUST)',
  },
  'TOKEN-9068-AUD': {
    text: 'A token whose aud does not hold the resource is refused.',
    source: 'RFC 9068 §4 (MUST)',
  },
  'TOKEN-9068-SIGNATURE': {
    text: 'The signature of every token is verified with the algorithm of its alg, and alg none is refused.',
    source: 'RFC 9068 §4 (MUST)',
  },
  'TOKEN-9068-KEYS': {
    text: 'A signature is verified with keys that the issuer itself published, and with no others.',
    source: 'RFC 9068 §4 (MUST)',
  },
  'TOKEN-9068-JWKS-URI': {
    text: 'The keys are found through the jwks_uri of the metadata of the issuer.',
    source: 'RFC 9068 §4 (SHOULD)',
  },
  'TOKEN-9068-RS256': {
    text: 'RS256 is among the algorithms that are supported.',
    source: 'RFC 9068 §2.1 (MUST)',
  },
  'TOKEN-9068-EXP': {
    text: 'A token is accepted only before its exp, with a leeway of at most 300 seconds.',
    source: 'RFC 9068 §4 (MUST)',
  },
  'TOKEN-9068-CLAIMS': {
    text: 'A token without iss, exp, aud, sub, client_id or iat is refused under the profile of RFC 9068.',
    source: 'RFC 9068 §2.2 (REQUIRED)',
  },
  'TOKEN-9068-SCOPE': {
    text: 'What a token may do is decided by its scope claim: a string of scopes between single spaces.',
    source: 'RFC 9068 §2.2.3, §4 (SHOULD); RFC 8693 §4.2',
  },
  'TOKEN-9068-ERRORS': {
    text: 'A token that fails any of these checks is answered with the error code invalid_token.',
    source: 'RFC 9068 §4 (MUST)',
  },
} as const satisfies Readonly<Record<string, Requirement>>;
