import type { ConfigInput } from '@sallyport/config';
import { describe, expect, it } from 'vitest';
import { checkToken } from '../../../src/doctor/checks/token-check.ts';
import type { Finding } from '../../../src/doctor/finding.ts';
import { bentIssuer } from '../../support/bent-issuer.ts';
import { collect, doctorConfig } from '../../support/doctor-config.ts';

type Issuer = Partial<NonNullable<ConfigInput['issuers']>[number]>;

async function check(
  claims: Readonly<Record<string, unknown>>,
  header: Readonly<Record<string, unknown>>,
  issuer: Issuer,
): Promise<Finding[]> {
  const bent = await bentIssuer();
  const config = await doctorConfig({ issuers: [{ issuer: bent.issuer, ...issuer }] });
  return collect(checkToken(bent.token({ aud: config.resource, ...claims }, header), config, undefined, Date.now));
}
const failed = (found: readonly Finding[]): readonly Finding[] => found.filter(({ status }) => status === 'fail');
const appId = '6f1c0000-1111-4222-8333-444455556666';
const entra = { profile: 'entra' } as const;
const jwt = { typ: 'JWT' };

describe('a token that a server would refuse', () => {
  it('of Entra names its app id in aud, and the finding says what to set', async () => {
    const [finding, ...others] = failed(await check({ aud: appId, azp: 'app', scp: 'notes:read' }, jwt, entra));
    expect(others).toEqual([]);
    expect(finding).toEqual({
      check: 'audience',
      status: 'fail',
      what: `token has aud ${appId} (Entra v2 puts the app id there, not the resource URL)`,
      remedy: `set issuers[0].audience to ["${appId}"] when that is the app id of this server (Entra admin center > App registrations > your API > Overview)`,
      code: 'ERR_TOKEN_AUD_MISMATCH',
    });
  });

  it('of Entra in version 1.0 is of another issuer, and the finding names the manifest', async () => {
    const found = failed(await check({ iss: 'https://sts.windows.net/t/', azp: 'app' }, jwt, entra));
    expect(found).toMatchObject([
      {
        check: 'token issuer',
        code: 'ERR_TOKEN_ISS_UNKNOWN',
        remedy: expect.stringContaining('requestedAccessTokenVersion') as string,
      },
    ]);
  });

  it('of Entra for Graph is told to be that', async () => {
    expect(failed(await check({ aud: 'https://graph.microsoft.com', azp: 'app' }, jwt, entra))).toMatchObject([
      {
        what: expect.stringContaining('Microsoft Graph') as string,
        remedy: expect.stringContaining('Expose an API') as string,
      },
    ]);
  });

  it('of Cognito has no aud, and the finding names its client id', async () => {
    const cognito = { aud: undefined, token_use: 'access', client_id: 'app-1' };
    expect(failed(await check(cognito, { typ: undefined }, { profile: 'cognito' }))).toMatchObject([
      { check: 'audience', remedy: expect.stringContaining('["app-1"]') as string },
    ]);
    expect(failed(await check(cognito, { typ: undefined }, { profile: 'cognito', audience: ['app-1'] }))).toEqual([]);
  });

  it('of Keycloak names "account", and the finding names the mapper', async () => {
    const keycloak = { aud: 'account', azp: 'app', typ: 'Bearer' };
    expect(failed(await check(keycloak, jwt, { profile: 'keycloak' }))).toMatchObject([
      { remedy: expect.stringContaining('Mappers > Audience') as string },
    ]);
  });

  it('of Keycloak without sub is told about the client scope "basic"', async () => {
    const keycloak = { azp: 'app', typ: 'Bearer', sub: undefined };
    expect(failed(await check(keycloak, jwt, { profile: 'keycloak' }))).toMatchObject([
      { check: 'token sub', remedy: expect.stringContaining('"basic"') as string },
    ]);
  });

  it.each<
    readonly [string, Readonly<Record<string, unknown>>, Readonly<Record<string, unknown>>, Issuer, string, string]
  >([
    ['an algorithm that is not allowed', {}, {}, { algorithms: ['RS256'] }, 'token alg', 'ERR_TOKEN_ALG_NOT_ALLOWED'],
    ['a key nobody knows', {}, { kid: 'other' }, {}, 'token key', 'ERR_TOKEN_KEY_NOT_FOUND'],
    ['another type', {}, jwt, {}, 'token type', 'ERR_TOKEN_TYP_MISMATCH'],
    ['the nonce of an ID token', { nonce: 'n' }, {}, {}, 'token type', 'ERR_TOKEN_TOKEN_TYPE_CONFUSION'],
    ['no exp', { exp: undefined }, {}, {}, 'token expiry', 'ERR_TOKEN_EXP_MISSING'],
    ['an exp that has passed', { exp: 1_000_000_000, iat: 999_999_999 }, {}, {}, 'token expiry', 'ERR_TOKEN_EXPIRED'],
    ['an nbf in the future', { nbf: 9_999_999_999 }, {}, {}, 'token nbf', 'ERR_TOKEN_NOT_YET_VALID'],
    ['no iat', { iat: undefined }, {}, {}, 'token iat', 'ERR_TOKEN_MALFORMED_TOKEN'],
    ['no client', { client_id: undefined }, {}, {}, 'token client', 'ERR_TOKEN_MALFORMED_TOKEN'],
    [
      'a client that is not listed',
      {},
      {},
      { allowedClients: ['other'] },
      'token client',
      'ERR_TOKEN_CLIENT_NOT_ALLOWED',
    ],
    ['an actor that can not be read', { act: 'x' }, {}, {}, 'token others', 'ERR_TOKEN_MALFORMED_TOKEN'],
    ['a binding to a key', { cnf: { jkt: 'a'.repeat(43) } }, {}, {}, 'token binding', 'ERR_TOKEN_BINDING_MISMATCH'],
  ])('because of %s', async (_what, claims, header, issuer, name, code) => {
    const found = failed(await check(claims, header, issuer));
    expect(found).toMatchObject([{ check: name, code }]);
    expect(found[0]?.remedy).toBeTruthy();
  });
});

describe('a token that a server would accept', () => {
  it('passes, with a doubt when no scope is found where the profile looks', async () => {
    const found = await check({ scp: ['notes:read'] }, {}, {});
    expect(found).toMatchObject([
      { check: 'audience', status: 'pass' },
      { check: 'token', status: 'pass', what: 'accepted: alice with client app' },
      { check: 'token scopes', status: 'warn', remedy: expect.stringContaining('claims.scopes') as string },
    ]);
    expect((await check({ scope: 'notes:read' }, {}, {})).at(-1)).toEqual({
      check: 'token scopes',
      status: 'pass',
      what: 'notes:read',
    });
  });
});
