import type { IssuerProfile } from './issuer-profile.ts';

/**
 * Keycloak. Its header says `JWT` for every kind of token; the payload's `typ` tells them apart: Bearer, DPoP, ID, Refresh, Offline, Logout.
 * https://www.keycloak.org/docs/latest/server_admin/#_audience
 */
export const keycloak: IssuerProfile = {
  name: 'keycloak',
  types: new Set(['jwt', 'at+jwt']),
  payloadTypes: new Set(['bearer', 'dpop']),
  kindClaim: 'typ',
  clientId: ['azp'],
  scopes: { path: 'scope', form: 'text' },
  tenant: null,
  groups: 'groups',
  roles: ['realm_access', 'roles'],
  tokenId: 'jti',
};
