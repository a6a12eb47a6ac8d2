import type { Requirement } from './requirement.ts';

/** Tokens that are taken back before they expire. */
export const revocationRequirements = {
  'TOKEN-REVOKED-REFUSED': {
    text: 'A token that was revoked by its jti, its subject or its session is 401 with error="invalid_token", also when it is cached.',
    source: 'RFC 6750 §3.1; RFC 7009 §2.1 (takes place immediately)',
  },
  'TOKEN-REVOKED-OTHERS': {
    text: 'A revocation leaves the tokens of other subjects, sessions and later sign-ins alone.',
    source: 'RFC 7009 §2.1',
  },
  'TOKEN-REVOKED-RECORD': {
    text: 'A revocation leaves a token.revoked record in which the ids of token and session are keyed hashes.',
    source: 'Audit log',
  },
  'TOKEN-REVOKED-STREAM': {
    text: 'An open stream is closed when its token is revoked.',
    source: 'MCP authorization 2026-07-28, access token usage (a token for every request)',
  },
  'TOKEN-REVOKED-DURABLE': {
    text: 'With a revocation file a revocation outlives the process, and holds in every process of the host.',
    source: 'Design, tokens',
  },
  'TOKEN-REVOKED-FAIL-CLOSED': {
    text: 'While nobody can say what is revoked no token is accepted: 503 with Retry-After, and the process is not ready.',
    source: 'Design, state (down never means allow)',
  },
} as const satisfies Readonly<Record<string, Requirement>>;
