import { accessTokenTypes, type IssuerProfile } from './issuer-profile.ts';

/**
 * PingOne and PingFederate. PingFederate writes scopes as a list unless "Space Delimit Scope Values" is ticked; PingOne as a string.
 * https://apidocs.pingidentity.com/pingone/platform/v1/api/#token-claims
 */
export const ping: IssuerProfile = {
  name: 'ping',
  types: new Set([null, 'jwt', 'at+jwt']),
  payloadTypes: accessTokenTypes,
  clientId: ['client_id'],
  scopes: { path: 'scope', form: 'either' },
  tenant: 'env',
  groups: 'groups',
  roles: null,
  tokenId: 'jti',
};
