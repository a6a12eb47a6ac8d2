import type { Requirement } from './requirement.ts';

/** RFC 6750: what binds the server that takes bearer tokens. */
export const bearerRequirements = {
  'TOKEN-6750-HEADER': {
    text: 'A token is taken from the Authorization field with the scheme Bearer, in any case of its letters.',
    source: 'RFC 6750 §2.1 (MUST); RFC 9110 §11.1',
  },
  'TOKEN-6750-SYNTAX': {
    text: 'The scheme is followed by spaces and one token of the characters of b64token, and by nothing else.',
    source: 'RFC 6750 §2.1',
  },
  'TOKEN-6750-NO-BODY': {
    text: 'A token in the body of a request is not used.',
    source: 'RFC 6750 §2.2; MCP authorization 2026-07-28, token requirements (MUST)',
  },
  'TOKEN-6750-NO-QUERY': {
    text: 'A token in the query of the URL is not used.',
    source: 'RFC 6750 §2.3 (SHOULD NOT); MCP authorization 2026-07-28, token requirements (MUST NOT)',
  },
  'TOKEN-6750-ONE-METHOD': {
    text: 'A request with more than one token, or with a token sent in more than one way, is malformed.',
    source: 'RFC 6750 §2 (MUST NOT), §3.1',
  },
  'TOKEN-6750-CHALLENGE': {
    text: 'A request without a token that gives access is answered with a challenge of the scheme Bearer that has parameters.',
    source: 'RFC 6750 §3 (MUST)',
  },
  'TOKEN-6750-CHALLENGE-ONCE': {
    text: 'No parameter of a challenge stands twice.',
    source: 'RFC 6750 §3 (MUST NOT); RFC 9110 §11.2',
  },
  'TOKEN-6750-CHALLENGE-CHARACTERS': {
    text: 'scope, error and error_description of a challenge have no character that RFC 6750 forbids.',
    source: 'RFC 6750 §3 (MUST NOT)',
  },
  'TOKEN-6750-NO-CODE-WITHOUT-TOKEN': {
    text: 'The challenge to a request without authentication information has no error code and no error information.',
    source: 'RFC 6750 §3.1 (SHOULD NOT)',
  },
  'TOKEN-6750-CODE-WITH-TOKEN': {
    text: 'The challenge to a request whose token was refused says why in error.',
    source: 'RFC 6750 §3 (SHOULD)',
  },
  'TOKEN-6750-INVALID-REQUEST': {
    text: 'A malformed request is 400 with error="invalid_request".',
    source: 'RFC 6750 §3.1 (SHOULD)',
  },
  'TOKEN-6750-INVALID-TOKEN': {
    text: 'A token that is expired, revoked, malformed or invalid is 401 with error="invalid_token".',
    source: 'RFC 6750 §3.1 (SHOULD)',
  },
  'TOKEN-6750-INSUFFICIENT-SCOPE': {
    text: 'A token without the scopes that are needed is 403 with error="insufficient_scope" and these scopes.',
    source: 'RFC 6750 §3.1 (SHOULD)',
  },
  'TOKEN-6750-TLS': {
    text: 'A server whose resource is http on a host that is not loopback does not start.',
    source: 'RFC 6750 §5.2, §5.3 (MUST); OAuth 2.1 draft 13 §1.5',
  },
} as const satisfies Readonly<Record<string, Requirement>>;
