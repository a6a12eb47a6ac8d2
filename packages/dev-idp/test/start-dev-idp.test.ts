import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import * as client from 'openid-client';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startDevIdp, type DevIdp } from '../src/index.ts';
import { callback, connect, redirectUri, signIn } from './support/sign-in.ts';

const resource = 'http://127.0.0.1:8080/mcp';
const opaque = 'http://127.0.0.1:8080/opaque';
const spoken = ['info', 'warn', 'error', 'log'] as const;
const speech = spoken.map((name) => vi.spyOn(console, name).mockImplementation(() => undefined));

let idp: DevIdp;
let app: client.Configuration;

beforeAll(async () => {
  idp = await startDevIdp({
    quiet: true,
    users: [
      { name: 'alice', scopes: 'any' },
      { name: 'bob', scopes: ['echo:call'] },
      { name: 'carol', scopes: [] },
    ],
  });
  app = await connect(idp);
});

afterAll(async () => {
  await idp.close();
  // The provider's own notices would otherwise get into the ready line of a process that embeds it.
  for (const spy of speech) expect(spy).not.toHaveBeenCalled();
});

async function verify(token: string): Promise<Awaited<ReturnType<typeof jwtVerify>>> {
  const keys = createRemoteJWKSet(new URL(`${idp.issuer}/jwks`));
  return jwtVerify(token, keys, {
    issuer: idp.issuer,
    audience: resource,
    typ: 'at+jwt',
    requiredClaims: ['exp', 'iat', 'sub', 'client_id', 'jti'],
  });
}

async function introspector(): Promise<client.Configuration> {
  const { clientId, clientSecret } = idp.clients.resourceServer;
  return connect(idp, clientId, clientSecret);
}

describe('the discovery documents', () => {
  it.each(['openid-configuration', 'oauth-authorization-server'])(
    'are at %s, for pages of any origin',
    async (name) => {
      const response = await fetch(`${idp.issuer}/.well-known/${name}`, {
        headers: { origin: 'https://app.example.com' },
      });
      expect(response.headers.get('access-control-allow-origin')).toMatch(/^(\*|https:\/\/app\.example\.com)$/u);
      const metadata: unknown = await response.json();
      const endpoint: unknown = expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\//u);
      expect(metadata).toMatchObject({
        issuer: idp.issuer,
        authorization_endpoint: `${idp.issuer}/auth`,
        token_endpoint: endpoint,
        introspection_endpoint: endpoint,
        revocation_endpoint: endpoint,
        registration_endpoint: endpoint,
        code_challenge_methods_supported: ['S256'],
        response_types_supported: ['code'],
        authorization_response_iss_parameter_supported: true,
        scopes_supported: expect.arrayContaining(['notes:read']),
      });
    },
  );

  it('publish one key for each algorithm and no private part', async () => {
    const keys: unknown = await (await fetch(`${idp.issuer}/jwks`)).json();
    expect(keys).toMatchObject({ keys: ['RS256', 'PS256', 'ES256', 'EdDSA'].map((alg) => ({ alg, use: 'sig' })) });
    for (const part of ['d', 'p', 'q', 'dp', 'dq', 'qi']) expect(JSON.stringify(keys)).not.toContain(`"${part}":`);
  });
});

describe('authorization code with PKCE', () => {
  it('signs alice in at once and issues an RFC 9068 access token', async () => {
    const tokens = await signIn(app, { scope: 'notes:read', resource });
    const { payload, protectedHeader } = await verify(tokens.access_token);
    expect(protectedHeader).toMatchObject({ alg: 'RS256', typ: 'at+jwt' });
    expect(payload).toMatchObject({ sub: 'alice', client_id: 'sallyport-demo', scope: 'notes:read', aud: resource });
    expect(tokens.scope).toBe('notes:read');
  });

  it('steps up to another scope with a second request', async () => {
    await signIn(app, { scope: 'notes:read', resource });
    const { payload } = await verify((await signIn(app, { scope: 'notes:read notes:write', resource })).access_token);
    expect(payload['scope']).toBe('notes:read notes:write');
  });

  it('forgets what it granted before: every request is granted what it asks for', async () => {
    await signIn(app, { scope: 'notes:write', resource });
    const { payload } = await verify((await signIn(app, { scope: 'notes:read', resource })).access_token);
    expect(payload['scope']).toBe('notes:read');
  });

  it('signs in whom login_hint names and grants no more than that user may have', async () => {
    const tokens = await signIn(app, { scope: 'notes:read echo:call', resource, login_hint: 'bob' });
    expect((await verify(tokens.access_token)).payload).toMatchObject({ sub: 'bob', scope: 'echo:call' });
  });

  it.each([
    ['a user who may have none of the scopes', { scope: 'notes:read', login_hint: 'carol' }],
    ['a request for scopes nobody knows', { scope: 'no:such' }],
    ['a request without scopes', {}],
  ])('gives %s a token without scopes', async (_case, parameters: Record<string, string>) => {
    const tokens = await signIn(app, { ...parameters, resource });
    const { payload } = await verify(tokens.access_token);
    expect(payload).not.toHaveProperty('scope');
  });

  it('means the first resource when a client of 2025-03-26 names none', async () => {
    const { payload } = await verify((await signIn(app, { scope: 'notes:read' })).access_token);
    expect(payload.aud).toBe(resource);
  });

  it('gives a refresh token for offline_access, and a new access token for that', async () => {
    const tokens = await signIn(app, { scope: 'notes:read notes:write offline_access', prompt: 'consent', resource });
    const again = await client.refreshTokenGrant(app, tokens.refresh_token ?? '', { resource, scope: 'notes:read' });
    expect((await verify(again.access_token)).payload).toMatchObject({
      sub: 'alice',
      scope: 'notes:read',
      aud: resource,
    });
    expect((await signIn(app, { scope: 'notes:read', resource })).refresh_token).toBeUndefined();
  });

  it.each([
    ['an unknown user', { login_hint: 'mallory' }, 'invalid_request'],
    ['an unknown resource', { resource: 'http://127.0.0.1:1/other' }, 'invalid_target'],
    ['a missing PKCE challenge', { code_challenge_method: 'absent' }, 'invalid_request'],
    ['the plain PKCE method', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['another response type', { response_type: 'id_token', nonce: 'n' }, 'unsupported_response_type'],
  ])('refuses %s', async (_case, parameters: Record<string, string>, error) => {
    const { code_challenge_method, ...others } = parameters;
    const challenge = { code_challenge: 'a'.repeat(43), code_challenge_method: code_challenge_method ?? 'S256' };
    const url = client.buildAuthorizationUrl(app, {
      redirect_uri: redirectUri,
      scope: 'notes:read',
      resource,
      ...(code_challenge_method === 'absent' ? {} : challenge),
      ...others,
    });
    const answer = await callback(url);
    const found = new URLSearchParams(answer.search === '' ? answer.hash.slice(1) : answer.search);
    expect(found.get('error')).toBe(error);
    expect(found.get('code')).toBeNull();
  });

  it('refuses a code with the wrong verifier, and a code used twice', async () => {
    const verifier = client.randomPKCECodeVerifier();
    const url = client.buildAuthorizationUrl(app, {
      redirect_uri: redirectUri,
      scope: 'notes:read',
      resource,
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    });
    const first = await callback(url);
    const wrong = client.randomPKCECodeVerifier();
    await expect(client.authorizationCodeGrant(app, first, { pkceCodeVerifier: wrong })).rejects.toThrow();
    const second = await callback(url);
    await client.authorizationCodeGrant(app, second, { pkceCodeVerifier: verifier });
    await expect(client.authorizationCodeGrant(app, second, { pkceCodeVerifier: verifier })).rejects.toThrow();
  });

  it('sends nobody to a redirect URI that is not registered', async () => {
    const url = client.buildAuthorizationUrl(app, {
      redirect_uri: 'https://evil.example/callback',
      scope: 'notes:read',
    });
    const response = await fetch(url, { redirect: 'manual' });
    expect(response.status).toBe(400);
    expect(response.headers.get('location')).toBeNull();
    expect(await response.json()).toMatchObject({ error: 'invalid_redirect_uri' });
  });
});

describe('client credentials', () => {
  it('make the client its own subject and grant what it may have', async () => {
    const { clientId, clientSecret } = idp.clients.robot;
    const robot = await connect(idp, clientId, clientSecret);
    const tokens = await client.clientCredentialsGrant(robot, { scope: 'notes:read reports:run no:such', resource });
    expect((await verify(tokens.access_token)).payload).toMatchObject({
      sub: 'robot',
      client_id: 'robot',
      scope: 'notes:read reports:run',
    });
  });

  it('are another principal, with fewer scopes, for another client', async () => {
    const { clientId, clientSecret } = idp.clients.courier;
    const courier = await connect(idp, clientId, clientSecret);
    const tokens = await client.clientCredentialsGrant(courier, { scope: 'notes:read echo:call', resource });
    expect((await verify(tokens.access_token)).payload).toMatchObject({ sub: 'courier', scope: 'echo:call' });
  });

  it('need the secret', async () => {
    const robot = await connect(idp, idp.clients.robot.clientId, 'wrong');
    await expect(client.clientCredentialsGrant(robot, { scope: 'notes:read', resource })).rejects.toThrow();
  });
});

describe('the opaque resource', () => {
  it('gets tokens that only introspection explains, until they are revoked', async () => {
    const { access_token: token } = await signIn(app, { scope: 'notes:read', resource: opaque });
    expect(token).not.toContain('.');
    const server = await introspector();
    expect(await client.tokenIntrospection(server, token)).toMatchObject({
      active: true,
      sub: 'alice',
      client_id: 'sallyport-demo',
      scope: 'notes:read',
      aud: opaque,
      iss: idp.issuer,
      token_type: 'Bearer',
    });
    await client.tokenRevocation(app, token);
    expect(await client.tokenIntrospection(server, token)).toEqual({ active: false });
  });

  it('names the client as subject of a machine', async () => {
    const { clientId, clientSecret } = idp.clients.robot;
    const robot = await connect(idp, clientId, clientSecret);
    const { access_token: token } = await client.clientCredentialsGrant(robot, {
      scope: 'notes:read',
      resource: opaque,
    });
    expect(await client.tokenIntrospection(await introspector(), token)).toMatchObject({ active: true, sub: 'robot' });
  });

  it('explains a token to nobody but its client and the resource server', async () => {
    const { access_token: token } = await signIn(app, { scope: 'notes:read', resource: opaque });
    const { clientId, clientSecret } = idp.clients.robot;
    const robot = await connect(idp, clientId, clientSecret);
    expect(await client.tokenIntrospection(robot, token)).toEqual({ active: false });
  });
});

describe('dynamic registration', () => {
  it('takes a client on loopback, and does not bind it to the scope it first asked for', async () => {
    const config = await client.dynamicClientRegistration(
      new URL(idp.issuer),
      {
        client_name: 'An MCP client',
        redirect_uris: [redirectUri],
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        token_endpoint_auth_method: 'none',
        scope: 'notes:read',
      },
      client.None(),
      { execute: [client.allowInsecureRequests], algorithm: 'oauth2' },
    );
    const tokens = await signIn(config, { scope: 'notes:read notes:write', resource });
    expect((await verify(tokens.access_token)).payload['scope']).toBe('notes:read notes:write');
  });

  it.each(['https://evil.example/callback', 'http://127.0.0.1.evil.example/callback', 'javascript:alert(1)'])(
    'refuses a client whose codes would go to %s',
    async (uri) => {
      const response = await fetch(`${idp.issuer}/reg`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ redirect_uris: [redirectUri, uri], token_endpoint_auth_method: 'none' }),
      });
      expect(response.status).toBe(400);
    },
  );
});

describe('addResource', () => {
  it('makes a resource known while the provider runs, with scopes and algorithm of its own', async () => {
    const added = 'https://mcp.example.com/mcp';
    idp.addResource({ resource: added, scopes: ['own:scope'], algorithm: 'ES256' });
    const { access_token: token } = await signIn(app, { scope: 'own:scope notes:read', resource: added });
    expect(decodeProtectedHeader(token).alg).toBe('ES256');
    expect(decodeJwt(token)).toMatchObject({ aud: added, scope: 'own:scope' });
  });

  it('refuses what is no identifier', () => {
    expect(() => idp.addResource('https://mcp.example.com/#part')).toThrow(
      'dev IdP: resource.resource must be an absolute URI',
    );
  });
});

describe('mintToken', () => {
  it('signs a token that verifies like one from a flow', async () => {
    const token = await idp.mintToken({ user: 'bob', scopes: ['notes:admin'] });
    const { payload, protectedHeader } = await verify(token);
    expect(protectedHeader.typ).toBe('at+jwt');
    expect(payload).toMatchObject({ sub: 'bob', client_id: 'sallyport-demo', scope: 'notes:admin', aud: resource });
  });

  it('speaks for any subject, for any client, and without both for the robot', async () => {
    const stranger = decodeJwt(
      await idp.mintToken({ subject: 'user-17', clientId: 'client-3', resource: 'urn:other' }),
    );
    expect(stranger).toMatchObject({ sub: 'user-17', client_id: 'client-3', aud: 'urn:other' });
    expect(decodeJwt(await idp.mintToken({}))).toMatchObject({ sub: 'robot', client_id: 'robot' });
    await expect(idp.mintToken({ user: 'mallory' })).rejects.toThrow('dev IdP: there is no user mallory');
  });

  it('writes wrong claims and headers when it is told to', async () => {
    const token = await idp.mintToken({
      user: 'alice',
      expiresInSeconds: -60,
      claims: { aud: ['a', 'b'], sub: 42, jti: undefined },
      header: { typ: 'JWT', kid: 'unknown' },
    });
    const payload = decodeJwt(token);
    expect(payload).toMatchObject({ aud: ['a', 'b'], sub: 42 });
    expect(payload).not.toHaveProperty('jti');
    expect(payload.exp).toBeLessThan(payload.iat ?? 0);
    expect(decodeProtectedHeader(token)).toEqual({ alg: 'RS256', typ: 'JWT', kid: 'unknown' });
  });

  it.each(['RS256', 'PS256', 'ES256', 'EdDSA'] as const)('signs with %s', async (algorithm) => {
    const { protectedHeader } = await verify(await idp.mintToken({ user: 'alice', algorithm }));
    expect(protectedHeader.alg).toBe(algorithm);
  });
});

describe('the algorithm option', () => {
  it.each(['PS256', 'ES256', 'EdDSA'] as const)('signs access tokens of flows with %s', async (algorithm) => {
    const other = await startDevIdp({ quiet: true, algorithm, resources: [resource], accessTokenSeconds: 60 });
    try {
      const { access_token: token } = await signIn(await connect(other), { scope: 'notes:read', resource });
      const { protectedHeader, payload } = await jwtVerify(token, createRemoteJWKSet(new URL(`${other.issuer}/jwks`)));
      expect(protectedHeader.alg).toBe(algorithm);
      expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(60);
    } finally {
      await other.close();
    }
  });
});

describe('startDevIdp', () => {
  it('says loudly on stderr that it is for development only, unless quiet', async () => {
    const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const loud = await startDevIdp();
    expect(stderr.mock.calls.join('')).toContain(`DEVELOPMENT ONLY: ${loud.issuer}`);
    stderr.mockRestore();
    await loud.close();
    await loud.close();
    await expect(fetch(loud.issuer)).rejects.toThrow();
  });

  it('fails when its port is taken', async () => {
    await expect(startDevIdp({ quiet: true, port: idp.port })).rejects.toThrow('EADDRINUSE');
  });
});
