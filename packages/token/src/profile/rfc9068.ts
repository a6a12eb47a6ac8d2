import { accessTokenTypes, type IssuerProfile } from './issuer-profile.ts';

/**
 * The JWT profile for OAuth 2.0 access tokens (RFC 9068): the strict one, for every issuer that follows it.
 * Issuers that name the client `azp` instead are tolerated. Groups and roles are those of RFC 9068 §2.2.3.1.
 */
export const rfc9068: IssuerProfile = {
  name: 'rfc9068',
  types: new Set(['at+jwt']),
  payloadTypes: accessTokenTypes,
  clientId: ['client_id', 'azp'],
  scopes: { path: 'scope', form: 'text' },
  tenant: null,
  groups: 'groups',
  roles: 'roles',
  tokenId: 'jti',
};
