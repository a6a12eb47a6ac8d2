import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { IssuerOptions } from '../../src/authenticator/issuer-options.ts';
import { bearer, createBench, mint, RESOURCE, type Bench } from '../support/authentication.ts';
import { expectRefusal } from '../support/expect-refusal.ts';
import { createSigningKey, type SigningKey } from '../support/signing-key.ts';
import { json, startTestIssuer, type TestIssuer } from '../support/test-issuer.ts';

const T1 = '8eaef023-2b34-4da1-9baa-8bc8c9d6a490';
const T2 = '82229342-1101-4ab6-817b-70c0747630f3';
const T3 = '72f988bf-86f1-41af-91ab-2d7cd011db47';
const shared = createSigningKey('RS256', 'shared');
const personal = createSigningKey('RS256', 'personal');

let server: TestIssuer;
let template: string;
let b: Bench;

function issuerOptions(changes: Partial<IssuerOptions> = {}): IssuerOptions {
  return { issuer: template, profile: 'entra', tenants: [T1, T2], algorithms: ['RS256'], ...changes };
}

beforeEach(async () => {
  server = await startTestIssuer();
  template = `${server.url}/{tenantid}/v2.0`;
  server.keys = [
    { ...shared.jwk, issuer: template },
    { ...personal.jwk, issuer: `${server.url}/${T2}/v2.0` },
  ];
  server.answers.set(
    '/organizations/v2.0/.well-known/openid-configuration',
    json(() => ({ issuer: template, jwks_uri: server.jwksUri })),
  );
  b = createBench({ issuers: [issuerOptions()] });
});
afterEach(async () => {
  b.authenticator.close();
  await server.close();
});

function iss(tenant: string): string {
  return `${server.url}/${tenant}/v2.0`;
}

function token(tenant: string, changes: Record<string, unknown> = {}, key: SigningKey = shared): string {
  const claims = {
    iss: iss(tenant),
    tid: tenant,
    aud: RESOURCE,
    sub: 'user-1',
    azp: 'client-1',
    scp: 'notes:read',
    uti: 'u',
    iat: b.clock.nowSeconds - 10,
    exp: b.clock.nowSeconds + 300,
    ...changes,
  };
  return mint(key, claims, { alg: 'RS256', kid: key.kid, typ: 'JWT' });
}

const present = (value: string): unknown => b.authenticator.authenticate(bearer(value));

describe('the issuer of an application that several tenants use', () => {
  it('accepts the tenants on its list, each as an issuer of its own, with one fetch of keys (B-39)', async () => {
    expect(await present(token(T1))).toMatchObject({ issuer: iss(T1), tenant: T1, subject: 'user-1' });
    expect(await present(token(T2))).toMatchObject({ issuer: iss(T2), tenant: T2, subject: 'user-1' });
    expect(server.count('/jwks')).toBe(1);
    expect(b.authenticator.status()).toEqual([{ issuer: template, ready: true, keys: true }]);
  });

  // @verifies TOKEN-PROFILE-TENANTS
  it('refuses every other tenant, although the same key signs for it (B-39)', async () => {
    await expectRefusal(() => present(token(T3)), 'iss_unknown', 401);
    expect(server.requests).toEqual([]);
  });

  it('refuses a token whose tid is another tenant than its iss, on the list or not (B-39)', async () => {
    for (const tid of [T2, T3, undefined, null, '', T1.toUpperCase(), [T1]])
      await expectRefusal(() => present(token(T1, { tid })), 'iss_unknown', 401);
  });

  it('refuses the template itself, and what looks like it, as iss (B-39)', async () => {
    for (const name of [
      template,
      iss('organizations'),
      iss('common'),
      iss(T1.toUpperCase()),
      `${iss(T1)}/`,
      iss(`${T1}/../${T2}`),
    ])
      await expectRefusal(() => present(token(T1, { iss: name })), 'iss_unknown', 401);
  });

  // @verifies TOKEN-PROFILE-TENANTS
  it('honours that a key in the shared set signs for one tenant only (RFC 8725 §3.8)', async () => {
    expect(await present(token(T2, {}, personal))).toMatchObject({ tenant: T2 });
    await expectRefusal(() => present(token(T1, {}, personal)), 'key_not_found', 401);
  });

  it('does not confuse equal subjects of two tenants', async () => {
    const [one, two] = [await present(token(T1)), await present(token(T2))] as { issuer: string }[];
    expect(one?.issuer).not.toBe(two?.issuer);
  });

  it('takes metadata only when they name the template byte for byte (C-19)', async () => {
    server.answers.set(
      '/organizations/v2.0/.well-known/openid-configuration',
      json(() => ({ issuer: iss(T1), jwks_uri: server.jwksUri })),
    );
    await expectRefusal(() => present(token(T1)), 'idp_unavailable', 503);
  });
});

describe('the issuer of one tenant', () => {
  it('accepts its own tid only, where the token has one', async () => {
    const single = createBench({
      issuers: [issuerOptions({ issuer: iss(T1), tenants: undefined, jwksUri: server.jwksUri })],
    });
    const authenticate = (value: string): unknown => single.authenticator.authenticate(bearer(value));
    expect(await authenticate(token(T1))).toMatchObject({ tenant: T1 });
    expect(await authenticate(token(T1, { tid: undefined }))).toMatchObject({ tenant: null });
    await expectRefusal(() => authenticate(token(T1, { tid: T2 })), 'iss_unknown', 401);
    single.authenticator.close();
  });
});
