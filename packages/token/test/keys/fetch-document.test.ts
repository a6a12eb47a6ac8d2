import { createServer as createTlsServer } from 'node:https';
import { createServer as createTcpServer, type AddressInfo, type Server } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createAddressPolicy } from '../../src/keys/address-policy.ts';
import { fetchDocument, FetchProblem, type FetchDocumentOptions } from '../../src/keys/fetch-document.ts';
import { selfSignedCertificate, selfSignedKey } from '../support/self-signed.ts';
import { json, startTestIssuer, status, type Answer, type TestIssuer } from '../support/test-issuer.ts';

const loopback = createAddressPolicy({ allowPrivateAddresses: false, allowLoopback: true });
const publicOnly = createAddressPolicy({ allowPrivateAddresses: false, allowLoopback: false });

let issuer: TestIssuer;
beforeAll(async () => {
  issuer = await startTestIssuer();
});
afterAll(() => issuer.close());
afterEach(() => {
  issuer.answers.clear();
  issuer.requests.length = 0;
});

function get(url: string, changes: Partial<FetchDocumentOptions> = {}): ReturnType<typeof fetchDocument> {
  return fetchDocument(new URL(url), {
    signal: new AbortController().signal,
    addresses: loopback,
    accept: 'application/json',
    maxBytes: 1_000,
    ...changes,
  });
}

function answer(reply: Answer): string {
  issuer.answers.set('/doc', reply);
  return new URL('/doc', issuer.url).href;
}

async function problemOf(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => new Error('it was accepted'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(FetchProblem);
  return (error as FetchProblem).message;
}

describe('fetchDocument', () => {
  it('gives body, media type, entity tag and max-age', async () => {
    const url = answer(
      json(() => ({ a: 1 }), {
        'content-type': 'Application/JSON; charset=utf-8',
        etag: '"1"',
        'cache-control': 'public, Max-Age=77',
      }),
    );
    const document = await get(url);
    expect(document).toMatchObject({ status: 200, mediaType: 'application/json', etag: '"1"', maxAgeSeconds: 77 });
    expect(document.body.toString()).toBe('{"a":1}');
  });

  it('asks for no content coding and sends no credential', async () => {
    await get(answer(json(() => ({}))), { etag: '"7"' });
    expect(issuer.lastHeaders).toMatchObject({
      accept: 'application/json',
      'accept-encoding': 'identity',
      'if-none-match': '"7"',
    });
    expect(issuer.lastHeaders).not.toHaveProperty('authorization');
  });

  it('posts a body with the header fields it is given, and sends it nowhere else (C-14)', async () => {
    const bodies: string[] = [];
    const url = answer((request, response) => {
      request.on('data', (chunk: Buffer) => bodies.push(chunk.toString()));
      request.on('end', () => response.writeHead(307, { location: '/elsewhere', 'retry-after': '7' }).end());
    });
    const post = { body: 'token=é', headers: { authorization: 'Basic x', accept: 'text/html' } };
    expect(await get(url, { post })).toMatchObject({ status: 307, retryAfter: '7' });
    expect(bodies).toEqual(['token=é']);
    expect(issuer.lastHeaders).toMatchObject({
      authorization: 'Basic x',
      accept: 'application/json',
      'content-length': '8',
    });
    expect(issuer.count('/elsewhere')).toBe(0);
  });

  // @verifies TOKEN-KEYS-BOUNDED
  it('does not follow redirects (C-14)', async () => {
    for (const code of [301, 302, 303, 307, 308]) {
      const document = await get(answer(status(code, { location: '/elsewhere' })));
      expect(document).toMatchObject({ status: code });
      expect(document.body).toHaveLength(0);
    }
    expect(issuer.count('/elsewhere')).toBe(0);
  });

  // @verifies TOKEN-KEYS-BOUNDED
  it('gives up on a body above the limit, announced or not (C-13)', async () => {
    const announced = answer((_request, response) =>
      response.writeHead(200, { 'content-length': '5000' }).end('x'.repeat(5_000)),
    );
    expect(await problemOf(get(announced))).toBe('the answer is longer than 1000 bytes');
    let sent = 0;
    const endless = answer((_request, response) => {
      const more = (): void => {
        while (!response.destroyed && sent < 200_000_000 && response.write('x'.repeat(65_536))) sent += 65_536;
      };
      response.on('drain', more).writeHead(200);
      more();
    });
    expect(await problemOf(get(endless))).toBe('the answer is longer than 1000 bytes');
    expect(sent).toBeLessThan(50_000_000);
  });

  // @verifies TOKEN-KEYS-BOUNDED
  it('inflates nothing (C-13)', async () => {
    const bomb = answer((_request, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('x'.repeat(1_000_000))),
    );
    expect(await problemOf(get(bomb))).toContain('content coding');
  });

  // @verifies TOKEN-KEYS-BOUNDED
  it('ends a request that hangs before or within its answer when the signal says so (C-10)', async () => {
    for (const hang of [
      () => undefined,
      (_request, response) => response.writeHead(200).flushHeaders(),
      (_request, response) => response.writeHead(200).write('{'),
    ] satisfies Answer[]) {
      const abort = new AbortController();
      const url = answer((request, response) => {
        hang(request, response);
        setImmediate(() => abort.abort());
      });
      expect(await problemOf(get(url, { signal: abort.signal }))).toBe('no complete answer in time');
    }
  });

  it('reports a body that ends too early', async () => {
    const url = answer((request, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('{');
      setImmediate(() => request.socket.destroy());
    });
    expect(await problemOf(get(url))).toBe('the request failed: ECONNRESET');
  });

  it('reports an issuer that is down or speaks no HTTP by code, without library text', async () => {
    const down = await startTestIssuer();
    await down.close();
    expect(await problemOf(get(down.url))).toBe('the request failed: ECONNREFUSED');

    const noise: Server = createTcpServer((socket) => socket.on('error', () => undefined).end('SSH-2.0-noise\r\n'));
    await new Promise<void>((resolve) => noise.listen(0, '127.0.0.1', resolve));
    const { port } = noise.address() as AddressInfo;
    expect(await problemOf(get(`http://127.0.0.1:${port}/`))).toMatch(/^the request failed: HPE_/);
    noise.close();
  });

  // @verifies TOKEN-8414-HTTPS
  it('refuses a certificate nobody vouches for, also when the environment switches verification off (C-29)', async () => {
    const server = createTlsServer({ key: selfSignedKey, cert: selfSignedCertificate }, (_request, response) =>
      response.end('{}'),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    try {
      expect(await problemOf(get(`https://127.0.0.1:${port}/`))).toBe(
        'the request failed: DEPTH_ZERO_SELF_SIGNED_CERT',
      );
    } finally {
      delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
      server.close();
    }
  });

  // @verifies TOKEN-KEYS-ADDRESSES
  it('refuses addresses the policy does not allow, given or resolved', async () => {
    const { port } = new URL(issuer.url);
    expect(await problemOf(get(issuer.url, { addresses: publicOnly }))).toBe('the address 127.0.0.1 is not allowed');
    expect(await problemOf(get(`http://localhost:${port}/doc`, { addresses: publicOnly }))).toBe(
      'localhost resolves to addresses that are not allowed',
    );
    for (const host of [
      '2130706433',
      '0x7f.1',
      '[::1]',
      '[::ffff:127.0.0.1]',
      '169.254.169.254',
      '10.0.0.1',
      '0.0.0.0',
    ]) {
      expect(await problemOf(get(`http://${host}:${port}/`, { addresses: publicOnly }))).toMatch(
        /^the address \S+ is not allowed$/,
      );
    }
    expect(issuer.requests).toEqual([]);
  });

  it('connects to a name whose address is allowed', async () => {
    answer(json(() => ({})));
    expect(await get(`http://localhost:${new URL(issuer.url).port}/doc`)).toMatchObject({ status: 200 });
  });
});
