import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startDevIdp, type DevEndpoint, type DevIdp } from '../../src/index.ts';

let idp: DevIdp;
beforeAll(async () => {
  idp = await startDevIdp({ quiet: true });
});
afterEach(() => idp.heal());
afterAll(() => idp.close());

function jwks(init?: RequestInit): Promise<Response> {
  return fetch(`${idp.issuer}/jwks`, init);
}

async function readToEnd(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
  while (!(await reader.read()).done);
}

async function expectRight(): Promise<void> {
  const response = await jwks();
  expect(response.status).toBe(200);
  expect(await response.json()).toHaveProperty('keys');
}

describe('fail', () => {
  it('resets connections when the endpoint is down', async () => {
    idp.fail({ endpoint: 'jwks', mode: 'down' });
    await expect(jwks()).rejects.toThrow('fetch failed');
    idp.heal('jwks');
    await expectRight();
  });

  it('answers nothing when it hangs, until it is healed: then the connection is cut', async () => {
    idp.fail({ endpoint: 'jwks', mode: 'hang' });
    const before = idp.requests('jwks');
    const waiting = jwks().then(
      () => 'answered',
      () => 'cut',
    );
    while (idp.requests('jwks') === before) await new Promise(setImmediate);
    idp.heal('metadata');
    expect(await Promise.race([waiting, new Promise((resolve) => setTimeout(resolve, 50, 'waits'))])).toBe('waits');
    idp.heal('jwks');
    expect(await waiting).toBe('cut');
    await expectRight();
  });

  it('gives the right answer late when it is slow', async () => {
    idp.fail({ endpoint: 'jwks', mode: 'slow', delayMs: 1 });
    await expectRight();
    idp.fail({ endpoint: 'jwks', mode: 'slow', delayMs: 60_000 });
    const patience = new AbortController();
    const late = jwks({ signal: patience.signal });
    expect((await fetch(`${idp.issuer}/.well-known/openid-configuration`)).status).toBe(200);
    patience.abort();
    await expect(late).rejects.toThrow();
  });

  it('begins at once and never ends when it drips', async () => {
    idp.fail({ endpoint: 'jwks', mode: 'drip' });
    const response = await jwks();
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json');
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    for (let i = 0; i < 3; i += 1) expect((await reader.read()).done).toBe(false);
    idp.heal();
    await expect(readToEnd(reader)).rejects.toThrow();
  });

  it('shows a page with status 200', async () => {
    idp.fail({ endpoint: 'jwks', mode: 'html' });
    const response = await jwks();
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(await response.text()).toContain('<h1>Sign in');
  });

  it('sends 64 MiB of JSON, and stops when nobody reads on', async () => {
    idp.fail({ endpoint: 'jwks', mode: 'huge' });
    let bytes = 0;
    for await (const chunk of (await jwks()).body as unknown as AsyncIterable<Uint8Array>) bytes += chunk.length;
    expect(bytes).toBeGreaterThan(64 * 1024 * 1024);
    const { body } = await jwks();
    await body?.cancel();
    idp.heal();
    await expectRight();
  });

  it('redirects to where a client that follows would be answered', async () => {
    idp.fail({ endpoint: 'jwks', mode: 'redirect' });
    const response = await jwks({ redirect: 'manual' });
    expect([response.status, response.headers.get('location')]).toEqual([307, '/jwks?redirected']);
    expect(await (await jwks()).json()).toHaveProperty('keys');
    idp.fail({ endpoint: 'jwks', mode: 'redirect', location: 'http://169.254.169.254/' });
    expect((await jwks({ redirect: 'manual' })).headers.get('location')).toBe('http://169.254.169.254/');
  });

  it('answers with any status and header, or with any body', async () => {
    idp.fail({ endpoint: 'introspection', mode: 'status', status: 429, headers: { 'retry-after': '3600' } });
    const ask = (): Promise<Response> =>
      fetch(`${idp.issuer}/token/introspection`, { method: 'POST', body: 'token=x' });
    const limited = await ask();
    expect([limited.status, limited.headers.get('retry-after'), await limited.text()]).toEqual([429, '3600', '']);
    idp.fail({ endpoint: 'introspection', mode: 'answer', body: '{"active":"true"}' });
    const wrong = await ask();
    expect([wrong.status, await wrong.text()]).toEqual([200, '{"active":"true"}']);
    idp.fail({ endpoint: 'introspection', mode: 'status' });
    expect((await ask()).status).toBe(500);
  });

  it.each<[DevEndpoint, string]>([
    ['metadata', '/.well-known/openid-configuration'],
    ['metadata', '/.well-known/oauth-authorization-server?x=1'],
    ['authorization', '/auth'],
    ['token', '/token'],
    ['revocation', '/token/revocation'],
    ['registration', '/reg'],
    ['other', '/me'],
  ])('concerns only its own endpoint: %s is %s', async (endpoint, path) => {
    idp.fail({ endpoint, mode: 'status', status: 418 });
    expect((await fetch(`${idp.issuer}${path}`)).status).toBe(418);
    await expectRight();
    idp.heal(endpoint);
    expect((await fetch(`${idp.issuer}${path}`)).status).not.toBe(418);
  });

  it('may concern several endpoints; heal ends every failure', async () => {
    idp.fail({ endpoint: 'jwks', mode: 'status' });
    idp.fail({ endpoint: 'metadata', mode: 'status' });
    expect((await jwks()).status).toBe(500);
    expect((await fetch(`${idp.issuer}/.well-known/openid-configuration`)).status).toBe(500);
    idp.heal();
    await expectRight();
  });
});

describe('requests', () => {
  it('counts each endpoint and all together, failed requests too', async () => {
    const [before, all] = [idp.requests('jwks'), idp.requests()];
    await jwks();
    idp.fail({ endpoint: 'jwks', mode: 'down' });
    await jwks().catch(() => undefined);
    await fetch(`${idp.issuer}/token`, { method: 'POST' });
    expect(idp.requests('jwks')).toBe(before + 2);
    expect(idp.requests()).toBe(all + 3);
  });

  it('does not count who was refused at the door', async () => {
    const before = idp.requests();
    await new Promise<void>((resolve) => {
      const socket = connect(idp.port, '127.0.0.1', () => {
        socket.end('GET /jwks HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n');
      });
      socket.resume().on('close', () => resolve());
    });
    expect(idp.requests()).toBe(before);
  });
});
