import type { Requirement } from './requirement.ts';

/** MCP authorization of 2026-07-28: what binds an MCP server. */
export const mcpAuthorizationRequirements = {
  'TOKEN-MCP-METADATA': {
    text: 'The server has protected resource metadata that names at least one authorization server.',
    source: 'MCP authorization 2026-07-28, overview 4 and authorization server location (MUST)',
  },
  'TOKEN-MCP-SCOPE-GUIDANCE': {
    text: 'A 401 names the scopes to ask for.',
    source: 'MCP authorization 2026-07-28, scope selection strategy (SHOULD)',
  },
  'TOKEN-MCP-EVERY-REQUEST': {
    text: 'Every request needs a token of its own: a connection carries no identity over.',
    source: 'MCP authorization 2026-07-28, token requirements (MUST)',
  },
  'TOKEN-MCP-OWN-TOKENS': {
    text: 'Only tokens that were issued for this very server are accepted, not those for its host, its parents or its neighbours.',
    source: 'MCP authorization 2026-07-28, token handling and access token privilege restriction (MUST)',
  },
  'TOKEN-MCP-STATUS': {
    text: 'Missing and invalid tokens are 401, missing scopes 403, malformed requests 400.',
    source: 'MCP authorization 2026-07-28, token handling and error handling (MUST)',
  },
  'TOKEN-MCP-NO-OFFLINE-ACCESS': {
    text: 'offline_access is in no challenge and not in scopes_supported.',
    source: 'MCP authorization 2026-07-28, refresh tokens (SHOULD NOT)',
  },
  'TOKEN-MCP-STEP-UP': {
    text: 'A call without its scopes is 403 with error, scope and resource_metadata in the challenge.',
    source: 'MCP authorization 2026-07-28, runtime insufficient scope errors (SHOULD)',
  },
  'TOKEN-MCP-ALL-SCOPES': {
    text: 'One challenge names every scope that the operation needs, the same ones each time.',
    source: 'MCP authorization 2026-07-28, server scope management (SHOULD)',
  },
  'TOKEN-MCP-HIERARCHY': {
    text: 'A broader scope that implies the narrower one is sufficient.',
    source: 'MCP authorization 2026-07-28, step-up authorization flow (MUST)',
  },
  'TOKEN-MCP-NO-STORAGE': {
    text: 'The server keeps no token and logs none.',
    source: 'MCP authorization 2026-07-28, token theft (MUST); OAuth 2.1 draft 13 §7.1',
  },
} as const satisfies Readonly<Record<string, Requirement>>;
