import { accessTokenTypes, type IssuerProfile } from './issuer-profile.ts';

/**
 * Google: the signed identity of a service account for one audience, as Cloud Run and others accept it. Google's OAuth access tokens are
 * for Google's APIs only and nobody else can check them. What a person signs in with is an ID token for a client and not for this server.
 * https://cloud.google.com/docs/authentication/token-types#id
 */
export const google: IssuerProfile = {
  name: 'google',
  types: new Set(['jwt']),
  payloadTypes: accessTokenTypes,
  confusion: ({ aud, azp }) =>
    aud === azp || (typeof azp === 'string' && azp.endsWith('.apps.googleusercontent.com'))
      ? 'azp is an OAuth client, as in the ID token of a sign-in'
      : undefined,
  clientId: ['azp'],
  scopes: null,
  tenant: 'hd',
  groups: null,
  roles: null,
  tokenId: 'jti',
};
