import type { Requirement } from './requirement.ts';

/** RFC 9068 for issuers that do not follow it, in the ways their documents describe. */
export const issuerProfileRequirements = {
  'TOKEN-PROFILE-KIND': {
    text: 'Every profile takes the access tokens of its provider, and refuses ID tokens, refresh tokens, logout tokens, proofs and assertions.',
    source: 'RFC 9068 §4 (MUST), §5; RFC 8725 §3.11, §3.12',
  },
  'TOKEN-PROFILE-ONE-SOURCE': {
    text: 'Scopes, client, tenant, groups and roles come from the one claim of the profile or the configuration, from own members only.',
    source: 'RFC 9068 §2.2.3; rules B-54, B-57 to B-61',
  },
  'TOKEN-PROFILE-ROLES': {
    text: 'Roles grant no scope, but for those of an application without a user where that is configured.',
    source: 'Rule B-58',
  },
  'TOKEN-PROFILE-TENANTS': {
    text: 'Of an application with many tenants only tokens of listed tenants pass, whose issuer, tenant and key agree.',
    source: 'RFC 8725 §3.8 (MUST), §3.9; rule B-39',
  },
} as const satisfies Readonly<Record<string, Requirement>>;
