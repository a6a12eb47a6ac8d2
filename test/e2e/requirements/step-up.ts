import type { Requirement } from './requirement.ts';

/** RFC 9470: what binds a server that asks for a stronger or fresher sign-in. */
export const stepUpRequirements = {
  'TOKEN-9470-CHALLENGE': {
    text: 'A token whose sign-in is too weak or too old is 401 with error="insufficient_user_authentication" and what is asked.',
    source: 'RFC 9470 §3',
  },
  'TOKEN-9470-ACR': {
    text: 'The acr of the token must be one of the values that are asked for, exactly; a token without one meets none.',
    source: 'RFC 9470 §3 (acr_values), §6.2',
  },
  'TOKEN-9470-MAX-AGE': {
    text: 'The auth_time of the token must not be longer ago than asked; a token without one, or from the future, meets nothing.',
    source: 'RFC 9470 §3 (max_age), §6.2',
  },
  'TOKEN-9470-AFTER-SCOPES': {
    text: 'Who lacks a scope is told of the scope first, and the step-up challenge repeats the scopes of the operation.',
    source: 'RFC 9470 §3; RFC 6750 §3.1',
  },
  'TOKEN-9470-PUBLISHED': {
    text: 'The published card says which sign-in a visible target asks for.',
    source: 'Design, Server Card',
  },
} as const satisfies Readonly<Record<string, Requirement>>;
