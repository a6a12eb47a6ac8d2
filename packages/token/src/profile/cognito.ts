import { accessTokenTypes, type IssuerProfile } from './issuer-profile.ts';

/**
 * Amazon Cognito user pools. Tokens have no `typ`, and no `aud` unless the client asked for a resource.
 * https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-access-token.html
 */
export const cognito: IssuerProfile = {
  name: 'cognito',
  types: new Set([null, 'jwt']),
  payloadTypes: accessTokenTypes,
  kindClaim: 'token_use',
  clientId: ['client_id'],
  scopes: { path: 'scope', form: 'text' },
  tenant: null,
  groups: 'cognito:groups',
  roles: null,
  tokenId: 'jti',
  clientIsAudience: true,
};
