import { decodeJwt } from 'jose';
import * as client from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDevIdp, type DevIdp } from '../../src/index.ts';
import { createClientFetch } from '../../src/provider/client-documents.ts';
import { expectSilence } from '../support/silence.ts';
import { connect, redirectUri, signIn } from '../support/sign-in.ts';

const resource = 'http://127.0.0.1:8080/mcp';
const host = 'https://client.example';

function document(id: string, changes: Record<string, unknown> = {}): Record<string, Record<string, unknown>> {
  const url = `${host}/${id}`;
  const uris = { redirect_uris: ['http://127.0.0.1/callback'] };
  return { [url]: { client_id: url, client_name: id, token_endpoint_auth_method: 'none', ...uris, ...changes } };
}

const clientIdMetadataDocuments = {
  ...document('good'),
  ...document('mixed', { redirect_uris: ['https://client.example/callback', 'http://localhost/callback'] }),
  ...document('remote', { redirect_uris: ['https://client.example/callback'] }),
  ...document('liar', { client_id: `${host}/good` }),
  ...document('secret', { token_endpoint_auth_method: 'client_secret_basic', client_secret: 'x' }),
};

expectSilence();

let idp: DevIdp;
let plain: DevIdp;
beforeAll(async () => {
  [idp, plain] = await Promise.all([
    startDevIdp({ quiet: true, clientIdMetadataDocuments }),
    startDevIdp({ quiet: true }),
  ]);
});
afterAll(async () => {
  await Promise.all([idp.close(), plain.close()]);
});

async function authorize(at: DevIdp, clientId: string, uri = redirectUri): Promise<Response> {
  const config = await connect(at, clientId);
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: uri,
    scope: 'notes:read',
    resource,
    code_challenge: await client.calculatePKCECodeChallenge(client.randomPKCECodeVerifier()),
    code_challenge_method: 'S256',
  });
  return fetch(url, { redirect: 'manual' });
}

describe('a client that is a URL', () => {
  it('signs in with the document it points to, on any port of this machine', async () => {
    const tokens = await signIn(await connect(idp, `${host}/good`), { scope: 'notes:read notes:write', resource });
    expect(decodeJwt(tokens.access_token)).toMatchObject({
      sub: 'alice',
      client_id: `${host}/good`,
      scope: 'notes:read notes:write',
    });
  });

  it('is announced in the metadata where such clients are known', async () => {
    const name = 'client_id_metadata_document_supported';
    expect((await connect(idp)).serverMetadata()).toHaveProperty(name, true);
    expect((await connect(plain)).serverMetadata()).not.toHaveProperty(name);
  });

  it('may list redirect URIs elsewhere, but no code is sent there', async () => {
    expect((await authorize(idp, `${host}/mixed`, 'http://localhost:3000/callback')).status).toBe(303);
    expect((await authorize(idp, `${host}/mixed`, 'https://client.example/callback')).status).toBe(400);
    expect((await authorize(idp, `${host}/remote`, 'https://client.example/callback')).status).toBe(400);
  });

  it.each(['liar', 'secret', 'unknown'])('is refused when its document is that of %s', async (id) => {
    const response = await authorize(idp, `${host}/${id}`);
    expect([response.status, response.headers.get('location')]).toEqual([400, null]);
  });

  it('is nobody where such clients are not known', async () => {
    expect((await authorize(plain, `${host}/good`)).status).toBe(400);
  });

  it('still signs in after the keys were rotated', async () => {
    await idp.rotateKeys();
    expect((await authorize(idp, `${host}/good`)).status).toBe(303);
  });
});

describe('what the provider fetches', () => {
  it('is nothing but the documents it was given: nobody on the network is asked', async () => {
    const fetchDocument = createClientFetch(clientIdMetadataDocuments);
    expect(await (await fetchDocument(`${host}/good`)).json()).toHaveProperty('client_name', 'good');
    expect((await fetchDocument(new URL(plain.issuer))).status).toBe(404);
    expect((await fetchDocument(new Request(`${host}/__proto__`))).status).toBe(404);
    expect((await createClientFetch(undefined)(`${host}/good`)).status).toBe(404);
  });

  it('with "fetch" is no document of this machine', async () => {
    const fetching = await startDevIdp({ quiet: true, clientIdMetadataDocuments: 'fetch' });
    const before = plain.requests();
    const response = await authorize(fetching, `https://127.0.0.1:${plain.port}/client`);
    await fetching.close();
    expect([response.status, plain.requests()]).toEqual([400, before]);
  });
});
