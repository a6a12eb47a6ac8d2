import type { LookupAddress } from 'node:dns';
import { createServer, type AddressInfo, type LookupFunction } from 'node:net';
import { FetchProblem, type DocumentRequest, type FetchedDocument } from '@sallyport/core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createDocumentFetcher, type CreateDocumentFetcherOptions } from '../../src/index.ts';
import { json, startTestIssuer, type TestIssuer } from '../support/test-issuer.ts';

let server: TestIssuer;
beforeAll(async () => {
  server = await startTestIssuer();
  server.answers.set(
    '/doc',
    json(() => ({ a: 1 }), { etag: '"1"' }),
  );
});
afterAll(() => server.close());

const development: CreateDocumentFetcherOptions = { dangerouslyAllowInsecureLoopback: true };

function get(
  url: string,
  options: CreateDocumentFetcherOptions = {},
  request: Partial<DocumentRequest> = {},
): Promise<FetchedDocument> {
  return createDocumentFetcher(options)(new URL(url), {
    accept: 'application/json',
    signal: AbortSignal.timeout(10_000),
    maxBytes: 1_000,
    ...request,
  });
}

async function problemOf(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => new Error('it was accepted'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(FetchProblem);
  return (error as FetchProblem).message;
}

/** A resolver that gives these addresses and remembers what it was asked. */
function resolver(...answers: readonly (readonly string[])[]): { lookup: LookupFunction; asked: string[] } {
  const asked: string[] = [];
  const lookup: LookupFunction = (hostname, _options, callback) => {
    const addresses = answers[Math.min(asked.length, answers.length - 1)] ?? [];
    asked.push(hostname);
    callback(
      null,
      addresses.map((address): LookupAddress => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  };
  return { lookup, asked };
}

describe('createDocumentFetcher', () => {
  it('fetches from this machine only where that was switched on', async () => {
    const { port } = new URL(server.url);
    const document = await get(`http://localhost:${port}/doc`, development);
    expect(document).toMatchObject({ status: 200, etag: '"1"', mediaType: 'application/json' });
    expect(await problemOf(get(`http://127.0.0.1:${port}/doc`))).toContain('dangerouslyAllowInsecureLoopback');
    expect(await problemOf(get(`https://127.0.0.1:${port}/doc`))).toBe('the address 127.0.0.1 is not allowed');
  });

  it.each(['http://example.com/', 'http://10.0.0.1/', 'ftp://example.com/', 'https://u:p@example.com/'])(
    'asks nothing at %s, whatever is switched on',
    async (url) => {
      const { lookup, asked } = resolver(['127.0.0.1']);
      expect(await problemOf(get(url, { ...development, allowPrivateAddresses: true, lookup }))).toMatch(
        /^the URL must/,
      );
      expect(asked).toEqual([]);
    },
  );

  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '169.254.169.254',
    '192.168.0.1',
    '172.31.255.255',
    '100.64.0.1',
    '0.0.0.0',
    '::1',
    '::ffff:127.0.0.1',
    'fd00::1',
    'fe80::1',
    '64:ff9b::a01:203',
  ])('does not connect to a name that resolves to %s', async (address) => {
    const { lookup } = resolver([address]);
    const problem = await problemOf(get('https://cards.example.com/doc', { lookup }));
    expect(problem).toBe('cards.example.com resolves to addresses that are not allowed');
  });

  it('connects to the very address that was judged: a name is looked up once (DNS rebinding)', async () => {
    const { port } = new URL(server.url);
    const { lookup, asked } = resolver(['127.0.0.1'], ['10.0.0.1']);
    await get(`http://localhost:${port}/doc`, { ...development, lookup });
    expect(asked).toEqual(['localhost']);
    const { lookup: mixed } = resolver(['10.0.0.1', '127.0.0.1']);
    expect((await get(`http://localhost:${port}/doc`, { ...development, lookup: mixed })).status).toBe(200);
  });

  it('gives up on a connection in its own time', async () => {
    const never: LookupFunction = () => undefined;
    const problem = await problemOf(get('https://example.com/', { lookup: never }, { connectTimeoutMs: 20 }));
    expect(problem).toBe('no connection in 20 ms');
    // Accepts, and never speaks TLS.
    const silent = createServer();
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void silent.close());
    const { port } = silent.address() as AddressInfo;
    const tls = get(`https://127.0.0.1:${port}/`, development, { connectTimeoutMs: 50 });
    expect(await problemOf(tls)).toBe('no connection in 50 ms');
  });

  it('does not confuse a slow answer with a slow connection', async () => {
    server.answers.set('/late', (request, response) => {
      setTimeout(() => json(() => ({}))(request, response), 120);
    });
    const { port } = new URL(server.url);
    const document = await get(`http://127.0.0.1:${port}/late`, development, { connectTimeoutMs: 60 });
    expect(document.status).toBe(200);
  });

  it('reads no body of another media type, and errors only where it is told to', async () => {
    const origin = server.url;
    server.answers.set('/html', (_request, response) => {
      // Never ends: whoever reads it waits.
      response.writeHead(200, { 'content-type': 'text/html' }).write('<p>');
    });
    server.answers.set('/gone', (_request, response) => {
      response.writeHead(410, { 'content-type': 'application/json', location: '/there' }).end('{"why":1}');
    });
    const html = await get(`${origin}/html`, development, { mediaTypes: ['application/json'] });
    expect(html).toMatchObject({ status: 200, mediaType: 'text/html' });
    expect(html.body).toHaveLength(0);
    const gone = await get(`${origin}/gone`, development);
    expect(gone).toMatchObject({ status: 410, location: '/there' });
    expect(gone.body).toHaveLength(0);
    const read = await get(`${origin}/gone`, development, { readErrors: true });
    expect(Buffer.from(read.body).toString()).toBe('{"why":1}');
  });
});
