import { accessTokenTypes, type IssuerProfile } from './issuer-profile.ts';

/**
 * Okta, tokens of a custom authorization server. (Tokens of the org server are for Okta's own APIs: their `aud` is the org.)
 * https://developer.okta.com/docs/api/openapi/okta-oauth/guides/overview/
 */
export const okta: IssuerProfile = {
  name: 'okta',
  types: new Set([null, 'jwt', 'at+jwt', 'okta-internal-at+jwt']),
  payloadTypes: accessTokenTypes,
  confusion({ jti }) {
    // Okta writes the kind of token in front of its id: AT., ID.
    return typeof jti === 'string' && jti.startsWith('ID.') ? 'jti is one of an ID token' : undefined;
  },
  clientId: ['cid'],
  scopes: { path: 'scp', form: 'list' },
  tenant: null,
  groups: 'groups',
  roles: null,
  tokenId: 'jti',
};
