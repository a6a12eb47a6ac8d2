import { generateKeyPairSync } from 'node:crypto';
import type { ConfigInput } from '@sallyport/config';
import { describe, expect, it } from 'vitest';
import { checkIssuers } from '../../../src/doctor/checks/issuer-check.ts';
import type { Finding } from '../../../src/doctor/finding.ts';
import { bentIssuer, publicJwk, type BentIssuerOptions } from '../../support/bent-issuer.ts';
import { collect, doctorConfig } from '../../support/doctor-config.ts';
import { closedOrigin } from '../../support/local-server.ts';

type Issuer = NonNullable<ConfigInput['issuers']>[number];

async function check(bent: BentIssuerOptions, overrides: Partial<Issuer> = {}): Promise<Finding[]> {
  const { issuer } = await bentIssuer(bent);
  return checkAt({ issuer, ...overrides });
}

async function checkAt(issuer: Issuer): Promise<Finding[]> {
  return collect(checkIssuers(await doctorConfig({ issuers: [issuer] }), Date.now));
}

const only = (findings: readonly Finding[], name: string): Finding | undefined =>
  findings.find(({ check: one }) => one === name);
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });

describe('an issuer', () => {
  it('that is right passes every check', async () => {
    const found = await check({});
    expect(found.map(({ check: name, status }) => `${status} ${name}`)).toEqual([
      'pass issuer',
      'pass keys',
      'pass clock',
      'pass clients',
      'pass pkce',
    ]);
  });

  it('that calls itself with a final slash is named with it', async () => {
    const found = await check({ metadata: (issuer) => ({ issuer: `${issuer}/` }) });
    expect(only(found, 'issuer')).toMatchObject({
      status: 'fail',
      code: 'ERR_TOKEN_ISS_UNKNOWN',
      what: expect.stringContaining('only the final slash') as string,
    });
    expect(only(found, 'keys')).toMatchObject({ status: 'fail' });
  });

  it('that calls itself by a name of the inside is named as that', async () => {
    const found = await check({
      path: '/realms/main',
      metadata: () => ({ issuer: 'http://keycloak:8080/realms/main' }),
    });
    expect(only(found, 'issuer')).toMatchObject({
      status: 'fail',
      what: expect.stringContaining('http://keycloak:8080/realms/main') as string,
    });
  });

  it('that does not answer fails, and so do its keys', async () => {
    const found = await checkAt({ issuer: await closedOrigin() });
    expect(only(found, 'issuer')).toMatchObject({
      status: 'fail',
      code: 'ERR_TOKEN_IDP_UNAVAILABLE',
      what: expect.stringContaining('ECONNREFUSED') as string,
    });
    expect(only(found, 'keys')).toMatchObject({ status: 'fail' });
    expect(only(found, 'clock')).toMatchObject({ status: 'skip' });
  });

  it('without metadata is doubted when its keys are configured', async () => {
    const { issuer } = await bentIssuer();
    const found = await checkAt({ issuer: await closedOrigin(), jwksUri: `${issuer}/jwks` });
    expect(found.slice(0, 2)).toMatchObject([{ status: 'warn' }, { check: 'keys', status: 'pass' }]);
  });

  it.each([
    [-120_000, 'ERR_TOKEN_EXPIRED'],
    [120_000, 'ERR_TOKEN_NOT_YET_VALID'],
  ])('whose clock differs by %d ms fails', async (difference, code) => {
    const found = await check({ date: new Date(Date.now() + difference).toUTCString() });
    expect(only(found, 'clock')).toMatchObject({ status: 'fail', code });
  });

  it('whose clock differs by more than half of what is tolerated is doubted', async () => {
    expect(only(await check({ date: new Date(Date.now() - 22_000).toUTCString() }), 'clock')).toMatchObject({
      status: 'warn',
    });
  });

  it('without registration endpoint says to pre-register, or that documents will do', async () => {
    const none = { registration_endpoint: undefined };
    expect(only(await check({ metadata: () => none }), 'clients')).toMatchObject({
      status: 'warn',
      remedy: expect.stringContaining('pre-register') as string,
    });
    expect(
      only(await check({ metadata: () => ({ ...none, client_id_metadata_document_supported: true }) }), 'clients'),
    ).toMatchObject({
      status: 'pass',
      what: expect.stringContaining('client id metadata documents') as string,
    });
  });

  it('that does not announce PKCE is doubted', async () => {
    expect(
      only(await check({ metadata: () => ({ code_challenge_methods_supported: ['plain'] }) }), 'pkce'),
    ).toMatchObject({ status: 'warn' });
  });

  it('of opaque tokens needs an introspection endpoint, and no keys', async () => {
    const opaque: Partial<Issuer> = {
      tokens: 'opaque',
      introspection: { clientId: 'mcp', clientSecret: 'not-a-secret' },
    };
    const found = await check({}, opaque);
    expect(only(found, 'introspection')).toMatchObject({ status: 'fail', code: 'ERR_TOKEN_IDP_MISCONFIGURED' });
    expect(only(found, 'keys')).toBeUndefined();
    const right = await check({ metadata: (issuer) => ({ introspection_endpoint: `${issuer}/introspect` }) }, opaque);
    expect(only(right, 'introspection')).toMatchObject({ status: 'pass' });
  });
});

it('the issuer of the enterprise token is looked at too, but not for the sake of clients', async () => {
  const [first, second] = [await bentIssuer(), await bentIssuer({ keys: [] })];
  const config = await doctorConfig({
    issuers: [{ issuer: first.issuer }],
    enterpriseToken: { header: 'X-Enterprise-Token', issuer: second.issuer },
    network: { trustedProxies: ['10.0.0.1'] },
  });
  const found = await collect(checkIssuers(config, Date.now));
  expect(found.slice(5).map(({ check: name, status }) => `${status} ${name}`)).toEqual([
    'pass issuer',
    'fail keys',
    'pass clock',
  ]);
});

describe('the keys of an issuer', () => {
  const keysOf = async (keys: readonly object[], overrides: Partial<Issuer> = {}): Promise<Finding[]> =>
    (await check({ keys }, overrides)).filter(({ check: name }) => name === 'keys');

  it('fail when one is weak', async () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
    expect(await keysOf([publicJwk(publicKey, 'old')])).toMatchObject([
      { status: 'fail', code: 'ERR_TOKEN_WEAK_KEY', what: expect.stringContaining('1024 bits') as string },
    ]);
  });

  it('fail when a private one is published', async () => {
    const found = await keysOf([publicJwk(ec.publicKey, 'a'), publicJwk(ec.privateKey, 'b')]);
    expect(found).toMatchObject([
      { status: 'fail', what: expect.stringContaining('anybody can sign') as string },
      { status: 'pass' },
    ]);
  });

  it('fail when two have the same kid', async () => {
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    expect((await keysOf([publicJwk(ec.publicKey, 'a'), publicJwk(other.publicKey, 'a')]))[0]).toMatchObject({
      status: 'fail',
      code: 'ERR_TOKEN_KEY_NOT_FOUND',
    });
  });

  it('fail when none fits the allowed algorithms, and are doubted when one does not', async () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const overrides: Partial<Issuer> = { algorithms: ['RS256'] };
    expect(await keysOf([publicJwk(ec.publicKey, 'a')], overrides)).toMatchObject([
      { status: 'fail', code: 'ERR_TOKEN_ALG_NOT_ALLOWED' },
    ]);
    expect(await keysOf([publicJwk(ec.publicKey, 'a'), publicJwk(rsa.publicKey, 'b')], overrides)).toMatchObject([
      { status: 'warn' },
      { status: 'pass' },
    ]);
  });

  it('fail when there are none', async () => {
    expect(await keysOf([])).toMatchObject([{ status: 'fail', code: 'ERR_TOKEN_KEY_NOT_FOUND' }]);
  });
});
