import { accessTokenTypes, type IssuerProfile } from './issuer-profile.ts';

/**
 * Auth0, both access token profiles: its own (`JWT`, `azp`) and RFC 9068 (`at+jwt`, `client_id`).
 * https://auth0.com/docs/secure/tokens/access-tokens/access-token-profiles
 */
export const auth0: IssuerProfile = {
  name: 'auth0',
  types: new Set(['jwt', 'at+jwt']),
  payloadTypes: accessTokenTypes,
  clientId: ['azp', 'client_id'],
  scopes: { path: 'scope', form: 'text' },
  tenant: 'org_id',
  groups: null,
  roles: null,
  tokenId: 'jti',
  // Added to every token that was asked for together with openid.
  ownAudiences: (issuer) => [`${issuer}${issuer.endsWith('/') ? '' : '/'}userinfo`],
};
