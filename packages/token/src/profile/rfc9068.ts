import type { IssuerProfile } from './issuer-profile.ts';

/** The JWT profile for OAuth 2.0 access tokens (RFC 9068). Issuers that name the client `azp` instead are tolerated. */
export const rfc9068: IssuerProfile = {
  name: 'rfc9068',
  types: new Set(['at+jwt']),
  payloadTypes: new Set(['at+jwt', 'bearer', 'dpop']),
  clientId: (claims) => (claims['client_id'] === undefined ? claims['azp'] : claims['client_id']),
  scopes: (claims) => splitScope(claims['scope']),
};

/** Splits at single spaces only (RFC 6749 §3.3): a tab or a comma is a part of the scope and so matches nothing. */
function splitScope(scope: unknown): string[] {
  if (typeof scope !== 'string') return [];
  return [...new Set(scope.split(' '))].filter((part) => part !== '');
}
