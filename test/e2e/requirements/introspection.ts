import type { Requirement } from './requirement.ts';

/** RFC 7662 and RFC 9701: what binds the server that asks about tokens. */
export const introspectionRequirements = {
  'TOKEN-7662-REQUEST': {
    text: 'A token is asked about in a form post with a hint and the credentials of this server, never in a URL.',
    source: 'RFC 7662 §2.1 (MUST), §4',
  },
  'TOKEN-7662-ENDPOINT': {
    text: 'The endpoint is one of the configuration or of the metadata of the issuer itself, over https, at no private address and at no other domain.',
    source: 'RFC 7662 §2 (MUST), §4; RFC 8414 §3.3',
  },
  'TOKEN-7662-ACTIVE': {
    text: 'A token that its issuer says is not active is 401 invalid_token.',
    source: 'RFC 7662 §2.2',
  },
  'TOKEN-7662-CHECKED': {
    text: 'An active token is accepted only when it is an access token, for this resource, of a known client, from this issuer and within its time.',
    source: 'RFC 7662 §2.2; MCP authorization 2026-07-28, token handling (MUST); RFC 8725 §3.12',
  },
  'TOKEN-7662-NO-ANSWER': {
    text: 'An issuer that does not answer, answers something else or refuses this server makes it 503 with Retry-After, never 401.',
    source: 'RFC 7662 §2.3; RFC 9110 §15.6.4',
  },
  'TOKEN-7662-BACKOFF': {
    text: 'An issuer that fails is left alone for 1, 2, 4 and at most 60 seconds, and for as long as its Retry-After says up to that.',
    source: 'RFC 9110 §10.2.3; rule D-06',
  },
  'TOKEN-7662-CACHE': {
    text: 'An answer is reused no longer than configured and never past the end of the token; an answer that a token is not active is not reused.',
    source: 'RFC 7662 §4 (MUST NOT be cached beyond exp)',
  },
  'TOKEN-7662-BOUNDED': {
    text: 'Questions about one token at the same time are one question, and those about many are bounded in number.',
    source: 'RFC 7662 §4; rules D-17, D-18',
  },
  'TOKEN-9701-VERIFIED': {
    text: 'A signed answer counts only with the right type, algorithm, signature, issuer, audience and age.',
    source: 'RFC 9701 §5 (MUST), §8; RFC 8725 §3.1, §3.11',
  },
  'TOKEN-9701-NO-DOWNGRADE': {
    text: 'Where signed answers are demanded an answer that is not signed is none.',
    source: 'RFC 9701 §4, §8',
  },
  'TOKEN-ROUTING': {
    text: 'How a token is checked follows from its bytes and the configuration; a JWT that failed is never asked about.',
    source: 'MCP authorization 2026-07-28, token handling (MUST NOT accept other tokens); rule B-81',
  },
} as const satisfies Readonly<Record<string, Requirement>>;
