import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isLocalRedirectUri, isLoopbackOrigin } from '../../src/http/loopback.ts';
import { startDevIdp, type DevIdp } from '../../src/index.ts';

function ask(idp: DevIdp, origin: string): Promise<Response> {
  return fetch(`${idp.issuer}/token`, {
    method: 'POST',
    headers: { origin },
    body: new URLSearchParams({ grant_type: 'authorization_code', code: 'x', client_id: 'sallyport-demo' }),
  });
}

describe('isLoopbackOrigin', () => {
  it.each(['http://127.0.0.1:6274', 'https://localhost', 'http://[::1]:1'])('accepts %s', (origin) => {
    expect(isLoopbackOrigin(origin)).toBe(true);
  });

  it.each([
    'null',
    '',
    'http://127.0.0.1.evil.example',
    'http://localhost@evil.example',
    'http://localhost/',
    'file://localhost',
  ])('refuses %s', (origin) => {
    expect(isLoopbackOrigin(origin)).toBe(false);
  });
});

describe('isLocalRedirectUri', () => {
  it.each(['http://127.0.0.1:1/callback', 'https://localhost/x', 'com.example.app:/callback'])('accepts %s', (uri) => {
    expect(isLocalRedirectUri(uri)).toBe(true);
  });

  it.each([
    'https://evil.example/',
    'http://localhost@evil.example/',
    'javascript:alert(1)',
    'data:text/html,x',
    'nonsense',
  ])('refuses %s', (uri) => {
    expect(isLocalRedirectUri(uri)).toBe(false);
  });
});

describe('the door', () => {
  let idp: DevIdp;
  beforeAll(async () => {
    idp = await startDevIdp({ quiet: true });
  });
  afterAll(() => idp.close());

  function get(host: string): Promise<number | undefined> {
    return new Promise((resolve, reject) => {
      request({ host: '127.0.0.1', port: idp.port, path: '/jwks', headers: { host } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on('error', reject)
        .end();
    });
  }

  it.each(['127.0.0.1', 'localhost:1', '[::1]:9000'])('lets requests for %s in', async (host) => {
    expect(await get(host)).toBe(200);
  });

  it.each(['evil.example', '127.0.0.1.evil.example', 'localhost@evil.example', ':'])(
    'refuses requests for %s, so that no page rebinds its name to it',
    async (host) => {
      expect(await get(host)).toBe(403);
    },
  );

  it('answers the preflight of a page on loopback for every endpoint', async () => {
    const response = await fetch(`${idp.issuer}/reg`, {
      method: 'OPTIONS',
      headers: {
        origin: 'http://localhost:6274',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type,mcp-protocol-version',
      },
    });
    expect(response.status).toBe(204);
    expect(response.headers.get('access-control-allow-origin')).toBe('http://localhost:6274');
    expect(response.headers.get('access-control-allow-headers')).toBe('content-type,mcp-protocol-version');
  });

  it('lets a page on loopback read errors of the token endpoint, and no other page anything of it', async () => {
    const near = await ask(idp, 'http://localhost:6274');
    expect(near.status).toBe(400);
    expect(near.headers.get('access-control-allow-origin')).toBe('http://localhost:6274');
    const far = await ask(idp, 'https://evil.example');
    expect(far.status).toBe(400);
    expect(far.headers.get('access-control-allow-origin')).toBeNull();
  });
});
