import { decodeJwt, decodeProtectedHeader, type JWK } from 'jose';
import * as client from 'openid-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startDevIdp, type DevIdp } from '../../src/index.ts';
import { expectSilence } from '../support/silence.ts';
import { connect, signIn } from '../support/sign-in.ts';

const resource = 'http://127.0.0.1:8080/mcp';
const opaque = 'http://127.0.0.1:8080/opaque';

expectSilence();

let idp: DevIdp;
beforeEach(async () => {
  idp = await startDevIdp({ quiet: true });
});
afterEach(() => idp.close());

async function published(): Promise<(string | undefined)[]> {
  const { keys } = (await (await fetch(`${idp.issuer}/jwks`)).json()) as { keys: JWK[] };
  return keys.map(({ kid }) => kid);
}

async function signerOf(token: Promise<string>): Promise<string | undefined> {
  return decodeProtectedHeader(await token).kid;
}

describe('rotateKeys', () => {
  it('publishes the new keys before the old ones, which stay', async () => {
    const before = await published();
    await idp.rotateKeys();
    const after = await published();
    expect(after).toHaveLength(8);
    expect(after.slice(4)).toEqual(before);
    expect(new Set(after).size).toBe(8);
  });

  it('signs with the new key from now on: minted tokens, logout tokens and those of flows', async () => {
    const old = await signerOf(idp.mintToken({}));
    await idp.rotateKeys();
    const [newest] = await published();
    expect(newest).not.toBe(old);
    expect(await signerOf(idp.mintToken({}))).toBe(newest);
    expect(await signerOf(idp.mintLogoutToken({ audience: resource, sub: 'alice' }))).toBe(newest);
    const tokens = await signIn(await connect(idp), { scope: 'notes:read', resource });
    expect(decodeProtectedHeader(tokens.access_token).kid).toBe(newest);
  });

  it('forgets nothing else: refresh tokens, opaque tokens and registrations go on', async () => {
    const app = await connect(idp);
    const before = await signIn(app, { scope: 'notes:read offline_access', prompt: 'consent', resource });
    const token = await idp.mintOpaqueToken({ user: 'alice', resource: opaque });
    await idp.rotateKeys();
    const after = await client.refreshTokenGrant(app, before.refresh_token ?? '', { resource });
    expect(decodeJwt(after.access_token)).toMatchObject({ sub: 'alice' });
    const { clientId, clientSecret } = idp.clients.resourceServer;
    const server = await connect(idp, clientId, clientSecret);
    expect(await client.tokenIntrospection(server, token)).toMatchObject({ active: true });
  });

  it('may be called again and again', async () => {
    await idp.rotateKeys();
    await idp.rotateKeys();
    expect(await published()).toHaveLength(12);
  });
});

describe('dropOldKeys', () => {
  it('publishes only the newest keys', async () => {
    await idp.rotateKeys();
    const newest = (await published()).slice(0, 4);
    idp.dropOldKeys();
    expect(await published()).toEqual(newest);
    expect(await signerOf(idp.mintToken({}))).toBe(newest[0]);
  });

  it('changes nothing when there are no old ones', async () => {
    const before = await published();
    idp.dropOldKeys();
    expect(await published()).toEqual(before);
  });
});
