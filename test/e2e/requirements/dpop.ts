import type { Requirement } from './requirement.ts';

/** RFC 9449: what binds the server that takes DPoP-bound tokens. */
export const dpopRequirements = {
  'TOKEN-9449-ONE-HEADER': {
    text: 'A request with a bound token has exactly one DPoP header with exactly one value.',
    source: 'RFC 9449 §4.1, §4.3 items 1 and 2',
  },
  'TOKEN-9449-CLAIMS': {
    text: 'A proof without one of jti, htm, htu, iat and ath, or with one of another type, is refused.',
    source: 'RFC 9449 §4.2 (MUST), §4.3 item 3',
  },
  'TOKEN-9449-TYP': {
    text: 'A proof whose typ is not dpop+jwt is refused.',
    source: 'RFC 9449 §4.2, §4.3 item 4; RFC 8725 §3.11',
  },
  'TOKEN-9449-ALG': {
    text: 'A proof whose algorithm is none, symmetric or not in the list is refused.',
    source: 'RFC 9449 §4.3 item 5, §11.6 (MUST)',
  },
  'TOKEN-9449-SIGNATURE': {
    text: 'A proof that is not signed by the public key in its jwk is refused.',
    source: 'RFC 9449 §4.3 item 6',
  },
  'TOKEN-9449-PUBLIC-KEY': {
    text: 'A proof whose jwk holds a private key, or that names a key elsewhere, is refused.',
    source: 'RFC 9449 §4.2 (MUST NOT), §4.3 item 7',
  },
  'TOKEN-9449-HTM': {
    text: 'A proof for another HTTP method than that of the request is refused.',
    source: 'RFC 9449 §4.3 item 8',
  },
  'TOKEN-9449-HTU': {
    text: 'A proof for another URI than the configured resource is refused; query and fragment do not count.',
    source: 'RFC 9449 §4.3 item 9',
  },
  'TOKEN-9449-HTU-NORMALIZED': {
    text: 'htu is compared after normalisation by syntax and by scheme.',
    source: 'RFC 9449 §4.3 (SHOULD); RFC 3986 §6.2.2, §6.2.3',
  },
  'TOKEN-9449-WINDOW': {
    text: 'A proof whose iat is outside the configured window, which is inclusive, is refused.',
    source: 'RFC 9449 §4.3 item 11, §11.1 (MUST)',
  },
  'TOKEN-9449-ATH': {
    text: 'A proof for another access token than the one it comes with is refused.',
    source: 'RFC 9449 §4.3 item 12, §7',
  },
  'TOKEN-9449-KEY': {
    text: 'A proof by another key than the one the token is bound to is refused.',
    source: 'RFC 9449 §4.3 item 12, §6.1; RFC 7638 §3',
  },
  'TOKEN-9449-REPLAY': {
    text: 'A proof is accepted once.',
    source: 'RFC 9449 §11.1 (SHOULD)',
  },
  'TOKEN-9449-REPLAY-BOUNDED': {
    text: 'Only proofs that were accepted are remembered, for their window, in a bounded store that refuses when it is full.',
    source: 'RFC 9449 §11.1; rules E-22, E-23',
  },
  'TOKEN-9449-SCHEME': {
    text: 'A token that is not bound is refused in the DPoP scheme.',
    source: 'RFC 9449 §7.1 (MUST)',
  },
  'TOKEN-9449-NO-DOWNGRADE': {
    text: 'A bound token is refused in the Bearer scheme, with and without a proof.',
    source: 'RFC 9449 §7.2 (MUST)',
  },
  'TOKEN-9449-UNBOUND': {
    text: 'A token that is not bound stays a bearer token when a DPoP header comes along, and is never recorded as proven.',
    source: 'RFC 9449 §7.2',
  },
  'TOKEN-9449-CHALLENGE': {
    text: 'Both schemes are offered in challenges of their own where both are possible, DPoP with the algorithms it accepts.',
    source: 'RFC 9449 §7.1 (SHOULD), §7.2; RFC 9110 §11.6.1',
  },
  'TOKEN-9449-CHALLENGE-ERROR': {
    text: 'What is wrong with a proof is invalid_dpop_proof, what is wrong with a token is invalid_token, both 401.',
    source: 'RFC 9449 §7.1',
  },
  'TOKEN-9449-NONCE': {
    text: 'Where a nonce is demanded, a proof without a valid one is answered with use_dpop_nonce and a DPoP-Nonce header.',
    source: 'RFC 9449 §9 (MUST), §8.1, §4.3 item 10',
  },
  'TOKEN-9449-NONCE-SHARED': {
    text: 'A nonce can not be foretold, ends by itself, and is accepted by every process with the same key and by no other.',
    source: 'RFC 9449 §8 (MUST), §11.3',
  },
  'TOKEN-9449-NONCE-NEXT': {
    text: 'Every answer to a proof carries the nonce to use next.',
    source: 'RFC 9449 §8.2, §9',
  },
  'TOKEN-9449-REQUIRED': {
    text: 'Where bound tokens are required, others are refused with a DPoP challenge alone.',
    source: 'RFC 9728 §2 (dpop_bound_access_tokens_required); RFC 9449 §7.2',
  },
  'TOKEN-9449-BROWSER': {
    text: 'Pages of allowed origins may send a DPoP header and read DPoP-Nonce.',
    source: 'Fetch standard; RFC 9449 §9',
  },
  'TOKEN-9449-INTROSPECTION': {
    text: 'A token that introspection says is bound is held to it like a JWT.',
    source: 'RFC 9449 §6.2 (MUST)',
  },
  'TOKEN-9728-BINDING': {
    text: 'The metadata of the resource says which bindings are accepted and whether one is required.',
    source: 'RFC 9728 §2',
  },
} as const satisfies Readonly<Record<string, Requirement>>;
