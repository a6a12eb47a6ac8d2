import { SetupError } from '@sallyport/core';
import { describe, expect, it, vi } from 'vitest';
import { bearer, ALGORITHMS, claimsFor, createBench, mint } from '../support/authentication.ts';
import { expectRefusal } from '../support/expect-refusal.ts';
import { createSigningKey } from '../support/signing-key.ts';
import { startTestIssuer } from '../support/test-issuer.ts';
import { createAuthenticator } from '../../src/authenticator/create-authenticator.ts';
import type { Authenticator } from '../../src/authenticator/authenticator.ts';
import type { IssuerOptions } from '../../src/authenticator/issuer-options.ts';

const issuer: IssuerOptions = { issuer: 'https://login.example.com', algorithms: ['RS256'] };

function create(changes: Record<string, unknown>): Authenticator {
  const options = { resource: 'https://mcp.example.com/mcp', issuers: [issuer], clockSkewSeconds: 30, ...changes };
  return createAuthenticator(options);
}

function problemOf(changes: Record<string, unknown>): SetupError {
  try {
    create(changes);
  } catch (error) {
    expect(error).toBeInstanceOf(SetupError);
    return error as SetupError;
  }
  throw new Error(`accepted ${JSON.stringify(changes)}`);
}

function withIssuer(changes: Record<string, unknown>): Record<string, unknown> {
  return { issuers: [issuer, { ...issuer, issuer: 'https://second.example', ...changes }] };
}

describe('createAuthenticator', () => {
  it('fetches nothing before it is started or used', () => {
    expect(create({})).toMatchObject({ authenticate: expect.any(Function) });
    expect(createAuthenticator({ resource: 'https://h', issuers: [issuer], clockSkewSeconds: 0 }).status()).toEqual([
      { issuer: 'https://login.example.com', ready: false, keys: false },
    ]);
  });

  // @verifies TOKEN-8725-APPROPRIATE
  it('refuses symmetric, unknown and missing algorithms (B-07)', () => {
    for (const algorithms of [[], ['HS256'], ['none'], ['RS256', 'HS256'], ['rs256'], ['ES256K'], ['__proto__']]) {
      const error = problemOf(withIssuer({ algorithms }));
      expect(error.code).toBe('ERR_CONFIG_INVALID');
      expect(error.field).toBe('issuers[1].algorithms');
      expect(error.message.split('\n')).toHaveLength(1);
    }
  });

  // @verifies TOKEN-9068-EXP
  it('refuses a clock skew that is not a number from 0 to 300 (B-50)', () => {
    for (const clockSkewSeconds of [3_600, 301, -1, Number.NaN, Infinity, 'abc', '30', null, undefined]) {
      expect(problemOf({ clockSkewSeconds }).field).toBe('clockSkewSeconds');
    }
    for (const clockSkewSeconds of [0, 30, 300]) expect(create({ clockSkewSeconds })).toBeDefined();
  });

  // @verifies TOKEN-8414-HTTPS
  it('refuses issuers that are not https URLs; the dangerous switch opens http on loopback only (C-22)', () => {
    for (const url of [
      'http://idp.example.com',
      'http://127.0.0.1:9001',
      'idp',
      'https://h/?x=1',
      'https://h/#f',
      'https://u:p@h',
      'file:///x',
    ]) {
      expect(problemOf(withIssuer({ issuer: url })).field).toBe('issuers[1].issuer');
    }
    expect(
      create({ ...withIssuer({ issuer: 'http://127.0.0.1:9001' }), dangerouslyAllowInsecureIssuers: true }),
    ).toBeDefined();
    expect(problemOf({ ...withIssuer({ issuer: 'http://idp' }), dangerouslyAllowInsecureIssuers: true }).field).toBe(
      'issuers[1].issuer',
    );
    expect(problemOf(withIssuer({ jwksUri: 'http://idp.example.com/keys' })).field).toBe('issuers[1].jwksUri');
  });

  it('refuses an empty list of issuers, an issuer listed twice, and an empty audience', () => {
    expect(problemOf({ issuers: [] }).field).toBe('issuers');
    expect(problemOf(withIssuer({ issuer: issuer.issuer })).field).toBe('issuers[1].issuer');
    expect(problemOf(withIssuer({ audience: [] })).field).toBe('issuers[1].audience');
    expect(problemOf(withIssuer({ audience: [''] })).field).toBe('issuers[1].audience');
  });

  it('refuses options of an issuer that do not go together', () => {
    const introspection = { clientId: 'mcp', clientSecret: 's' };
    const template = 'https://login.microsoftonline.com/{tenantid}/v2.0';
    const tenants = ['8eaef023-2b34-4da1-9baa-8bc8c9d6a490'];
    const wrong: [changes: Record<string, unknown>, field: string][] = [
      [{ profile: 'saml' }, 'profile'],
      [{ profile: '__proto__' }, 'profile'],
      [{ profile: 'google' }, 'allowedClients'],
      [{ tokens: 'reference' }, 'tokens'],
      [{ tokens: 'opaque' }, 'introspection'],
      [{ tokens: 'opaque', introspection: { clientSecret: 's' } }, 'introspection.clientId'],
      [{ tokens: 'opaque', introspection: { clientId: 'mcp' } }, 'introspection'],
      [{ tokens: 'opaque', introspection: { ...introspection, endpoint: 'http://h/i' } }, 'introspection.endpoint'],
      [{ tokens: 'opaque', introspection: { ...introspection, cacheSeconds: -1 } }, 'introspection.cacheSeconds'],
      [
        { tokens: 'opaque', introspection: { ...introspection, cacheSeconds: Number.NaN } },
        'introspection.cacheSeconds',
      ],
      [{ tokens: 'opaque', introspection: { ...introspection, audienceless: true } }, 'introspection.audienceless'],
      [{ appOnlyRoles: true }, 'appOnlyRoles'],
      [{ tenants }, 'tenants'],
      [{ issuer: template, tenants }, 'issuer'],
      [{ issuer: 'https://{tenantid}.example/x', profile: 'entra', tenants }, 'issuer'],
      [{ issuer: template, profile: 'entra' }, 'tenants'],
      [{ issuer: template, profile: 'entra', tenants: [] }, 'tenants'],
      [{ issuer: template, profile: 'entra', tenants: ['*'] }, 'tenants'],
      [{ issuer: template, profile: 'entra', tenants: [...tenants, ...tenants] }, 'tenants'],
      [{ issuer: template, profile: 'entra', tenants, tokens: 'auto', introspection }, 'tokens'],
    ];
    for (const [changes, field] of wrong)
      expect(problemOf(withIssuer(changes)).field, JSON.stringify(changes)).toBe(`issuers[1].${field}`);
    expect(create(withIssuer({ issuer: template, profile: 'entra', tenants }))).toBeDefined();
  });

  it('refuses a second issuer with opaque tokens, which nobody could tell apart', () => {
    const opaque = { ...issuer, tokens: 'opaque', introspection: { clientId: 'mcp', clientSecret: 's' } };
    expect(
      problemOf({ issuers: [opaque, { ...opaque, issuer: 'https://second.example', tokens: 'auto' }] }).field,
    ).toBe('issuers[1].tokens');
    expect(create({ issuers: [opaque, { ...issuer, issuer: 'https://second.example' }] })).toBeDefined();
  });

  it('refuses a tenant that is listed as an issuer of its own too', () => {
    const tenant = '8eaef023-2b34-4da1-9baa-8bc8c9d6a490';
    const entra = { ...issuer, profile: 'entra' };
    const issuers = [
      { ...entra, issuer: `https://login.microsoftonline.com/${tenant}/v2.0` },
      { ...entra, issuer: 'https://login.microsoftonline.com/{tenantid}/v2.0', tenants: [tenant] },
    ];
    expect(problemOf({ issuers }).field).toBe('issuers[1].issuer');
  });

  it('refuses a size of the cache that is not a whole number', () => {
    for (const maxEntries of [-1, 1.5, Number.NaN, '10'])
      expect(problemOf({ cache: { maxEntries } }).field).toBe('cache.maxEntries');
  });
});

describe('an authenticator', () => {
  const key = createSigningKey('ES256', 'k');

  it('works with the clock and the timers of the process', async () => {
    const server = await startTestIssuer([key.jwk]);
    const options = { issuers: [{ issuer: server.url, algorithms: ['ES256'] }], dangerouslyAllowInsecureIssuers: true };
    const authenticator = create(options);
    authenticator.start();
    const seconds = Date.now() / 1_000;
    const claims = {
      iss: server.url,
      aud: 'https://mcp.example.com/mcp',
      sub: 'u',
      client_id: 'c',
      iat: seconds,
      exp: seconds + 60,
    };
    expect(await authenticator.authenticate(bearer(mint(key, claims)))).toMatchObject({ subject: 'u', scopes: [] });
    expect(authenticator.status()).toEqual([{ issuer: server.url, ready: true, keys: true }]);
    authenticator.close();
    await server.close();
  });

  it('survives a logger and an observer that throw: a Refusal, and no unhandled rejection', async () => {
    const server = await startTestIssuer([key.jwk]);
    const fault = (): never => {
      throw new Error('broken');
    };
    const errors: string[] = [];
    const b = createBench({
      issuers: [{ issuer: server.url, algorithms: ALGORITHMS }],
      observer: { startCall: fault, emit: fault },
      log: { info: fault, warn: fault, error: (_fields, message) => errors.push(message) },
    });
    expect(await b.authenticator.authenticate(bearer(mint(key, claimsFor(server, b.clock))))).toMatchObject({
      subject: 'user-1',
    });
    // What a line would say is lost; the call is not.
    const withoutJti = mint(key, claimsFor(server, b.clock, { jti: undefined }));
    expect(await b.authenticator.authenticate(bearer(withoutJti))).toMatchObject({ tokenId: null });
    const another = mint(key, claimsFor(server, b.clock, { jti: 'another' }));
    vi.spyOn(b.clock, 'now').mockImplementation(fault);
    await expectRefusal(() => b.authenticator.authenticate(bearer(another)), 'internal_error', 500);
    expect(errors).toEqual(['a token could not be checked because of a defect']);
    b.authenticator.close();
    await server.close();
  });

  it('says at start that the environment switches off the verification of TLS (C-29)', () => {
    const b = createBench({ issuers: [{ ...issuer, issuer: 'https://127.0.0.1:9' }] });
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    try {
      b.authenticator.start();
    } finally {
      delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
      b.authenticator.close();
    }
    expect(b.log).toMatchObject([
      { level: 'error', message: expect.stringContaining('NODE_TLS_REJECT_UNAUTHORIZED') as string },
    ]);
  });
});
