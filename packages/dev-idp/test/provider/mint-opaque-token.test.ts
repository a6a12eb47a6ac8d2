import { calculateJwkThumbprint } from 'jose';
import * as client from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDevIdp, type DevIdp } from '../../src/index.ts';
import { generateKey } from '../../src/keys/signing-keys.ts';
import { connect, signIn } from '../support/sign-in.ts';

const resource = 'http://127.0.0.1:8080/mcp';
const opaque = 'http://127.0.0.1:8080/opaque';

let idp: DevIdp;
let server: client.Configuration;
beforeAll(async () => {
  idp = await startDevIdp({ quiet: true });
  server = await connect(idp, idp.clients.resourceServer.clientId, idp.clients.resourceServer.clientSecret);
});
afterAll(() => idp.close());

function introspect(token: string): Promise<client.IntrospectionResponse> {
  return client.tokenIntrospection(server, token);
}

describe('mintOpaqueToken', () => {
  it('gives a token that only introspection explains', async () => {
    const token = await idp.mintOpaqueToken({ user: 'bob', scopes: ['notes:admin'], resource: opaque });
    expect(token).toMatch(/^[\w-]{40,}$/u);
    const answer = await introspect(token);
    expect(answer).toMatchObject({
      active: true,
      sub: 'bob',
      client_id: 'sallyport-demo',
      scope: 'notes:admin',
      aud: opaque,
      iss: idp.issuer,
      token_type: 'Bearer',
    });
    expect((answer.exp ?? 0) - (answer.iat ?? 0)).toBe(3600);
    for (const member of ['cnf', 'sid', 'acr', 'jti']) expect(answer).not.toHaveProperty(member);
  });

  it('has the defaults of mintToken', async () => {
    expect(await introspect(await idp.mintOpaqueToken({}))).toMatchObject({
      sub: 'robot',
      client_id: 'robot',
      aud: resource,
    });
    const stranger = { subject: 'user-17', clientId: 'client-3', resource: 'urn:other' };
    expect(await introspect(await idp.mintOpaqueToken(stranger))).toMatchObject({
      active: true,
      sub: 'user-17',
      client_id: 'client-3',
      aud: 'urn:other',
    });
    await expect(idp.mintOpaqueToken({ user: 'mallory' })).rejects.toThrow('dev IdP: there is no user mallory');
  });

  it('says more when it is told to', async () => {
    const token = await idp.mintOpaqueToken({
      user: 'alice',
      sid: 's-1',
      claims: { acr: 'phr', auth_time: 17, act: { sub: 'agent' } },
    });
    expect(await introspect(token)).toMatchObject({ sid: 's-1', acr: 'phr', auth_time: 17, act: { sub: 'agent' } });
  });

  it('binds a token to a key or a certificate', async () => {
    const key = await generateKey('ES256');
    expect(await introspect(await idp.mintOpaqueToken({ boundTo: key }))).toMatchObject({
      cnf: { jkt: await calculateJwkThumbprint(key) },
      token_type: 'DPoP',
    });
    expect(await introspect(await idp.mintOpaqueToken({ boundTo: Buffer.from('any bytes') }))).toMatchObject({
      cnf: { 'x5t#S256': expect.stringMatching(/^[\w-]{43}$/u) as string },
      token_type: 'Bearer',
    });
  });

  it.each([0, -1, 1.5])('refuses to let it live for %s seconds', async (expiresInSeconds) => {
    await expect(idp.mintOpaqueToken({ expiresInSeconds })).rejects.toThrow('must be a positive integer');
  });
});

describe('revokeToken', () => {
  it('ends a minted token and one from a flow', async () => {
    const app = await connect(idp);
    const fromFlow = (await signIn(app, { scope: 'notes:read', resource: opaque })).access_token;
    const { clientId, clientSecret } = idp.clients.robot;
    const robot = await connect(idp, clientId, clientSecret);
    const ofMachine = (await client.clientCredentialsGrant(robot, { resource: opaque })).access_token;
    for (const token of [await idp.mintOpaqueToken({ user: 'alice' }), fromFlow, ofMachine]) {
      expect(await introspect(token)).toMatchObject({ active: true });
      expect(await idp.revokeToken(token)).toBe(true);
      expect(await introspect(token)).toEqual({ active: false });
      expect(await idp.revokeToken(token)).toBe(false);
    }
  });

  it('knows nothing of JWTs: nobody can revoke them here', async () => {
    expect(await idp.revokeToken(await idp.mintToken({}))).toBe(false);
  });
});
