import { createRemoteJWKSet, importJWK, jwtVerify, SignJWT } from 'jose';
import * as client from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDevIdp, type DevIdp } from '../../src/index.ts';
import { expectSilence } from '../support/silence.ts';
import { connect } from '../support/sign-in.ts';

const opaque = 'http://127.0.0.1:8080/opaque';

expectSilence();

let idp: DevIdp;
beforeAll(async () => {
  idp = await startDevIdp({ quiet: true, algorithm: 'ES256' });
});
afterAll(() => idp.close());

async function keyed(): Promise<client.Configuration> {
  const { clientId, privateKey } = idp.clients.keyedResourceServer;
  const key = (await importJWK(privateKey, 'ES256')) as client.CryptoKey;
  const auth = client.PrivateKeyJwt({ key, ...(privateKey.kid !== undefined && { kid: privateKey.kid }) });
  const options = { execute: [client.allowInsecureRequests], algorithm: 'oauth2' as const };
  return client.discovery(new URL(idp.issuer), clientId, undefined, auth, options);
}

async function ask(token: string, accept: string): Promise<Response> {
  const { clientId, clientSecret } = idp.clients.resourceServer;
  return fetch(`${idp.issuer}/token/introspection`, {
    method: 'POST',
    headers: { accept, authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}` },
    body: new URLSearchParams({ token }),
  });
}

describe('a resource server with a key', () => {
  it('introspects with private_key_jwt', async () => {
    const token = await idp.mintOpaqueToken({ user: 'alice', resource: opaque });
    expect(await client.tokenIntrospection(await keyed(), token)).toMatchObject({ active: true, sub: 'alice' });
  });

  it('has to hold the key', async () => {
    const stranger = await startDevIdp({ quiet: true });
    const { clientId, privateKey } = stranger.clients.keyedResourceServer;
    const assertion = await new SignJWT({ iss: clientId, sub: clientId, aud: idp.issuer, jti: 'x' })
      .setProtectedHeader({ alg: 'ES256' })
      .setExpirationTime('1m')
      .sign(await importJWK(privateKey, 'ES256'));
    await stranger.close();
    const response = await fetch(`${idp.issuer}/token/introspection`, {
      method: 'POST',
      body: new URLSearchParams({
        token: 'x',
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: assertion,
      }),
    });
    expect(response.status).toBe(401);
  });

  it('has another key at each start, and its private part is published nowhere', async () => {
    const other = await startDevIdp({ quiet: true });
    await other.close();
    expect(other.clients.keyedResourceServer.privateKey.d).not.toBe(idp.clients.keyedResourceServer.privateKey.d);
    expect(await (await fetch(`${idp.issuer}/jwks`)).text()).not.toContain(
      idp.clients.keyedResourceServer.privateKey.x,
    );
  });
});

describe('a signed introspection response (RFC 9701)', () => {
  const signed = 'application/token-introspection+jwt';

  it('is given to who asks for it, and says what the plain one says', async () => {
    const token = await idp.mintOpaqueToken({ user: 'alice', resource: opaque, scopes: ['notes:read'] });
    const response = await ask(token, signed);
    expect(response.headers.get('content-type')).toMatch(/^application\/token-introspection\+jwt/u);
    const keys = createRemoteJWKSet(new URL(`${idp.issuer}/jwks`));
    const { payload, protectedHeader } = await jwtVerify(await response.text(), keys, {
      issuer: idp.issuer,
      audience: idp.clients.resourceServer.clientId,
      typ: 'token-introspection+jwt',
      requiredClaims: ['iat'],
    });
    expect(protectedHeader.alg).toBe('ES256');
    expect(payload['token_introspection']).toEqual(await (await ask(token, 'application/json')).json());
    for (const claim of ['sub', 'exp']) expect(payload).not.toHaveProperty(claim);
  });

  it('says that a token is not active, too', async () => {
    const { payload } = await jwtVerify(
      await (await ask('unknown', signed)).text(),
      createRemoteJWKSet(new URL(`${idp.issuer}/jwks`)),
    );
    expect(payload['token_introspection']).toEqual({ active: false });
  });

  it('is announced with its algorithms', async () => {
    const metadata = (await connect(idp)).serverMetadata();
    expect(metadata['introspection_signing_alg_values_supported']).toEqual(expect.arrayContaining(['RS256', 'ES256']));
  });
});
