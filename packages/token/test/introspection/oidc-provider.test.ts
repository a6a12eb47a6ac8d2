import { startDevIdp, type DevFailureMode, type DevIdp } from '@sallyport/dev-idp';
import { systemClock } from '@sallyport/core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createAuthenticator } from '../../src/authenticator/create-authenticator.ts';
import type { Authenticator } from '../../src/authenticator/authenticator.ts';
import type { IssuerOptions } from '../../src/authenticator/issuer-options.ts';
import type { IntrospectionOptions } from '../../src/introspection/introspection-options.ts';
import { bearer } from '../support/authentication.ts';
import { expectRefusal } from '../support/expect-refusal.ts';

const OPAQUE = 'http://127.0.0.1:8080/opaque';
const JWT = 'http://127.0.0.1:8080/mcp';

let idp: DevIdp;
const made: Authenticator[] = [];
beforeAll(async () => {
  idp = await startDevIdp({ quiet: true, resources: [{ resource: OPAQUE, tokens: 'opaque' }, JWT] });
});
afterEach(() => {
  idp.heal();
  for (const authenticator of made.splice(0)) authenticator.close();
});
afterAll(() => idp.close());

function authenticatorWith(
  introspection: Partial<IntrospectionOptions> = {},
  options: Partial<IssuerOptions> = {},
): Authenticator {
  const authenticator = createAuthenticator({
    resource: OPAQUE,
    clockSkewSeconds: 30,
    dangerouslyAllowInsecureIssuers: true,
    issuers: [
      {
        issuer: idp.issuer,
        audience: [OPAQUE, JWT],
        algorithms: ['RS256'],
        tokens: 'opaque',
        introspection: { ...idp.clients.resourceServer, ...introspection },
        ...options,
      },
    ],
  });
  made.push(authenticator);
  return authenticator;
}

/** An access token of the client credentials grant, as a client gets it. */
async function tokenOfRobot(resource: string): Promise<string> {
  const { clientId, clientSecret } = idp.clients.robot;
  const response = await fetch(`${idp.issuer}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', resource, scope: 'notes:read echo:call' }),
  });
  return ((await response.json()) as { access_token: string }).access_token;
}

const methods: [what: string, introspection: () => Partial<IntrospectionOptions>][] = [
  ['its secret in a header', () => ({})],
  [
    'a private key',
    () => ({
      clientId: idp.clients.keyedResourceServer.clientId,
      clientSecret: undefined,
      privateKey: JSON.stringify(idp.clients.keyedResourceServer.privateKey),
    }),
  ],
  ['its secret, asking for signed answers', () => ({ signedResponse: true })],
];

describe.each(methods)('oidc-provider, asked with %s', (_what, introspection) => {
  it('says who a client is that acts for itself', async () => {
    const token = await tokenOfRobot(OPAQUE);
    expect(token.split('.')).toHaveLength(1);
    expect(await authenticatorWith(introspection()).authenticate(bearer(token))).toMatchObject({
      issuer: idp.issuer,
      subject: idp.clients.robot.clientId,
      clientId: idp.clients.robot.clientId,
      scopes: ['notes:read', 'echo:call'],
      proof: 'introspection',
    });
  });

  it('says who a user is, and when that ends', async () => {
    const token = await idp.mintOpaqueToken({ user: 'alice', scopes: ['notes:read'], expiresInSeconds: 60 });
    const principal = await authenticatorWith(introspection()).authenticate(bearer(token));
    expect(principal).toMatchObject({ subject: 'alice', clientId: idp.clients.app.clientId, scopes: ['notes:read'] });
    expect(principal.expiresAt - systemClock.now() / 1_000).toBeLessThanOrEqual(60);
  });

  it('says that a token is revoked, unknown or for somebody else', async () => {
    const authenticator = authenticatorWith({ ...introspection(), cacheSeconds: 0 });
    const token = await idp.mintOpaqueToken({ user: 'alice' });
    await authenticator.authenticate(bearer(token));
    await idp.revokeToken(token);
    await expectRefusal(() => authenticator.authenticate(bearer(token)), 'inactive', 401);
    await expectRefusal(() => authenticator.authenticate(bearer('never-issued')), 'inactive', 401);
    const other = await idp.mintOpaqueToken({ user: 'alice', resource: 'https://other.example/mcp' });
    await expectRefusal(() => authenticator.authenticate(bearer(other)), 'aud_mismatch', 401);
  });

  it('tells the binding of a token, which then is no bearer token (D-10, E-37)', async () => {
    const token = await idp.mintOpaqueToken({ user: 'alice', boundTo: Buffer.from('a certificate') });
    await expectRefusal(() => authenticatorWith(introspection()).authenticate(bearer(token)), 'binding_mismatch', 401);
  });
});

describe('oidc-provider with both kinds of tokens', () => {
  it('is asked about opaque tokens only', async () => {
    const authenticator = authenticatorWith({}, { tokens: 'auto' });
    const before = idp.requests('introspection');
    expect(await authenticator.authenticate(bearer(await tokenOfRobot(JWT)))).toMatchObject({ proof: 'jwt' });
    expect(
      await authenticator.authenticate(bearer(await idp.mintToken({ user: 'alice', resource: JWT }))),
    ).toMatchObject({ proof: 'jwt' });
    expect(idp.requests('introspection')).toBe(before);
    expect(await authenticator.authenticate(bearer(await tokenOfRobot(OPAQUE)))).toMatchObject({
      proof: 'introspection',
    });
    expect(idp.requests('introspection')).toBe(before + 1);
  });
});

describe('oidc-provider that refuses or fails', () => {
  it('with wrong credentials of ours is 503, never 401 (D-05)', async () => {
    const authenticator = authenticatorWith({ clientSecret: 'wrong' });
    const token = await idp.mintOpaqueToken({ user: 'alice' });
    await expectRefusal(() => authenticator.authenticate(bearer(token)), 'idp_misconfigured', 503);
  });

  it.each<DevFailureMode>(['down', 'html', 'huge', 'redirect', 'status'])(
    'in the way of "%s" is 503, and heals (C-10 to C-14, D-03)',
    async (mode) => {
      const authenticator = authenticatorWith();
      const token = await idp.mintOpaqueToken({ user: 'alice' });
      idp.fail({ endpoint: 'introspection', mode });
      const reason = mode === 'redirect' ? 'idp_misconfigured' : 'idp_unavailable';
      await expectRefusal(() => authenticator.authenticate(bearer(token)), reason, 503);
      idp.heal();
      expect(await authenticatorWith().authenticate(bearer(token))).toMatchObject({ subject: 'alice' });
    },
  );
});
