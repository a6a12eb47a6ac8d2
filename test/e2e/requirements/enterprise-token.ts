import type { Requirement } from './requirement.ts';

/** A token in a header of its own that a trusted proxy sets, and headers of proxies that are believed by nobody. */
export const enterpriseTokenRequirements = {
  'TOKEN-ENTERPRISE-OFF': {
    text: 'Unless it is configured the enterprise header is ignored, and noted in the record.',
    source: 'MCP authorization 2026-07-28, token requirements (MUST use Authorization)',
  },
  'TOKEN-ENTERPRISE-PEER': {
    text: 'An enterprise token is believed only from a trusted proxy that is the direct peer, whatever forwarding headers say.',
    source: 'Design, tokens; RFC 7239 §8',
  },
  'TOKEN-ENTERPRISE-START': {
    text: 'An enterprise token without a list of trusted proxies ends the process before it listens.',
    source: 'Start; design, tokens',
  },
  'TOKEN-ENTERPRISE-FIRST': {
    text: 'A valid enterprise token decides who is calling, and the record says that it was proven by it.',
    source: 'Design, tokens',
  },
  'TOKEN-ENTERPRISE-NO-FALLBACK': {
    text: 'An enterprise token that does not hold is 401, also when a valid access token stands beside it.',
    source: 'Design, tokens; RFC 6750 §3.1',
  },
  'TOKEN-ENTERPRISE-OWN-ISSUER': {
    text: 'An enterprise token has an issuer and audience of its own: tokens of other issuers, for others, or of other kinds are refused.',
    source: 'MCP authorization 2026-07-28, token handling (MUST NOT accept other tokens)',
  },
  'TOKEN-ENTERPRISE-CONFLICT': {
    text: 'An enterprise token and an access token of different identities are 400, and the record names both.',
    source: 'RFC 6750 §3.1 (more than one method)',
  },
  'TOKEN-ENTERPRISE-FORM': {
    text: 'An enterprise header that is not exactly one token in one field line is 400 or 401.',
    source: 'RFC 9110 §5.3',
  },
  'TOKEN-ENTERPRISE-NAME': {
    text: 'Only the exact name of the header counts, without case; a name with underscores is ignored.',
    source: 'Design, tokens',
  },
  'TOKEN-ENTERPRISE-NOT-FOR-PAGES': {
    text: 'The enterprise header is never among the headers a web page may send.',
    source: 'Fetch standard, CORS preflight',
  },
  'TOKEN-IDENTITY-HEADERS': {
    text: 'Headers that name a user, a decoded token or another path identify nobody and open nothing.',
    source: 'MCP authorization 2026-07-28, token requirements (MUST use Authorization)',
  },
} as const satisfies Readonly<Record<string, Requirement>>;
