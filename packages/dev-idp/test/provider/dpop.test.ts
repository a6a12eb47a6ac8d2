import { calculateJwkThumbprint, decodeJwt, exportJWK, importJWK, SignJWT } from 'jose';
import * as client from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDevIdp, type DevIdp } from '../../src/index.ts';
import { generateKey } from '../../src/keys/signing-keys.ts';
import { expectSilence } from '../support/silence.ts';
import { connect, signIn } from '../support/sign-in.ts';

const resource = 'http://127.0.0.1:8080/mcp';
const opaque = 'http://127.0.0.1:8080/opaque';

expectSilence();

let idp: DevIdp;
let demanding: DevIdp;
beforeAll(async () => {
  [idp, demanding] = await Promise.all([
    startDevIdp({ quiet: true }),
    startDevIdp({ quiet: true, dpopNonces: true, resources: [resource] }),
  ]);
});
afterAll(async () => {
  await Promise.all([idp.close(), demanding.close()]);
});

async function proofKey(config: client.Configuration): Promise<{ DPoP: client.DPoPHandle; jkt: string }> {
  const keys = await client.randomDPoPKeyPair('ES256', { extractable: true });
  return {
    DPoP: client.getDPoPHandle(config, keys),
    jkt: await calculateJwkThumbprint(await exportJWK(keys.publicKey)),
  };
}

async function introspect(token: string): Promise<client.IntrospectionResponse> {
  const { clientId, clientSecret } = idp.clients.resourceServer;
  return client.tokenIntrospection(await connect(idp, clientId, clientSecret), token);
}

describe('a token request with a DPoP proof', () => {
  it('says in the metadata that it is understood', async () => {
    const { dpop_signing_alg_values_supported: algorithms } = (await connect(idp)).serverMetadata();
    expect(algorithms).toContain('ES256');
  });

  it('gets a JWT bound to its key, and so does the refresh of that', async () => {
    const app = await connect(idp);
    const { DPoP, jkt } = await proofKey(app);
    const parameters = { scope: 'notes:read offline_access', prompt: 'consent', resource };
    const tokens = await signIn(app, parameters, { DPoP });
    expect(tokens.token_type).toBe('dpop');
    expect(decodeJwt(tokens.access_token)).toMatchObject({ sub: 'alice', cnf: { jkt } });
    const again = await client.refreshTokenGrant(app, tokens.refresh_token ?? '', { resource }, { DPoP });
    expect(decodeJwt(again.access_token)).toMatchObject({ cnf: { jkt } });
    await expect(
      client.refreshTokenGrant(app, again.refresh_token ?? tokens.refresh_token ?? '', { resource }),
    ).rejects.toThrow();
  });

  it('gets an opaque token that introspection calls bound', async () => {
    const app = await connect(idp);
    const { DPoP, jkt } = await proofKey(app);
    const { access_token: token } = await signIn(app, { scope: 'notes:read', resource: opaque }, { DPoP });
    expect(await introspect(token)).toMatchObject({ active: true, cnf: { jkt }, token_type: 'DPoP' });
  });

  it('binds tokens of machines too', async () => {
    const { clientId, clientSecret } = idp.clients.robot;
    const robot = await connect(idp, clientId, clientSecret);
    const { DPoP, jkt } = await proofKey(robot);
    const tokens = await client.clientCredentialsGrant(robot, { scope: 'notes:read', resource }, { DPoP });
    expect(decodeJwt(tokens.access_token)).toMatchObject({ sub: 'robot', cnf: { jkt } });
  });

  it('is asked for a nonce only where that is switched on', async () => {
    const app = await connect(demanding);
    const { DPoP, jkt } = await proofKey(app);
    const refused = await askForToken(demanding);
    expect(refused.headers.get('dpop-nonce')).toMatch(/^[\w-]{20,}$/u);
    expect(await refused.json()).toMatchObject({ error: 'use_dpop_nonce' });
    // openid-client tries once more with the nonce it was given.
    const tokens = await signIn(app, { scope: 'notes:read', resource }, { DPoP });
    expect(decodeJwt(tokens.access_token)).toMatchObject({ cnf: { jkt } });
    const free = await askForToken(idp);
    expect(await free.json()).toMatchObject({ error: 'invalid_grant' });
  });
});

/** A token request with a proof, a code nobody issued, and no second try. */
async function askForToken(at: DevIdp): Promise<Response> {
  const url = `${at.issuer}/token`;
  const privateJwk = await generateKey('ES256');
  const { d: _private, ...jwk } = privateJwk;
  const proof = await new SignJWT({ htm: 'POST', htu: url, jti: 'one' })
    .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk })
    .setIssuedAt()
    .sign(await importJWK(privateJwk, 'ES256'));
  const body = new URLSearchParams({
    grant_type: 'authorization_code',
    client_id: at.clients.app.clientId,
    code: 'none',
    redirect_uri: 'http://127.0.0.1/callback',
    code_verifier: 'v'.repeat(43),
  });
  return fetch(url, { method: 'POST', headers: { dpop: proof }, body });
}
