import { accessTokenTypes, type IssuerProfile } from './issuer-profile.ts';

/**
 * Microsoft Entra ID, tokens of version 1.0 (`appid`) and 2.0 (`azp`).
 * https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference
 */
export const entra: IssuerProfile = {
  name: 'entra',
  types: new Set(['jwt']),
  payloadTypes: accessTokenTypes,
  confusion: (claims) =>
    claims['azp'] === undefined && claims['appid'] === undefined
      ? 'neither azp nor appid, like an ID token'
      : undefined,
  clientId: ['azp', 'appid'],
  scopes: { path: 'scp', form: 'text' },
  tenant: 'tid',
  groups: 'groups',
  roles: 'roles',
  tokenId: 'uti',
};
