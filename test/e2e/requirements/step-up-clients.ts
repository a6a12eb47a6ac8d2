import type { Requirement } from './requirement.ts';

/** Shapes that some clients need to step up; each is off unless the configuration says otherwise. */
export const stepUpClientRequirements = {
  'STEP-UP-OFF': {
    text: 'Without a word in the configuration a challenge names only the scopes of the operation, and lists only what may be used.',
    source: 'Challenges; MCP 2026-07-28 authorization, SEP-2350',
  },
  'STEP-UP-REPEAT-SCOPES': {
    text: 'With stepUp.repeatGrantedScopes a challenge repeats the scopes the token has, so that clients that replace scopes keep them.',
    source: 'Challenges; typescript-sdk#1582, claude-code#44652',
  },
  'STEP-UP-SECURITY-SCHEMES': {
    text: 'With stepUp.securitySchemes a tool list names the scopes of each tool, and never those of a tool the caller does not see.',
    source: 'Challenges; MCP SEP-1488; OpenAI Apps SDK, authentication',
  },
  'STEP-UP-LIST-DISCLOSED': {
    text: 'With stepUp.listDisclosedTools a list also shows tools the caller lacks scopes for, except hidden and undeclared ones.',
    source: 'Challenges',
  },
  'STEP-UP-TOOL-RESULT': {
    text: 'Clients in stepUp.wwwAuthenticateMetaFor get the challenge of a refused tool call in _meta of a tool error; others get 403.',
    source: 'Challenges; MCP SEP-1489; OpenAI Apps SDK, authentication',
  },
} as const satisfies Readonly<Record<string, Requirement>>;
