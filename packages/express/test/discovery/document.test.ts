import { beforeAll, describe, expect, it } from 'vitest';
import { serveDocument } from '../../src/discovery/document.ts';
import { send } from '../support/http.ts';
import { openServer } from '../support/open-server.ts';

const document = { contentType: 'application/json', body: Buffer.from('{"é":1}'), etag: '"abc"' };
const parameter = 'application/linkset+json; profile="https://example.com"';
const negotiated = {
  ...document,
  contentType: parameter,
  alternatives: ['application/json'],
  link: '<https://a.example/>; rel="item"',
};
let url: string;
beforeAll(async () => {
  const server = await openServer((req, res) =>
    serveDocument(req.url === '/negotiated' ? negotiated : document, req, res),
  );
  url = server.url;
  return server.close;
});

describe('serveDocument', () => {
  it('answers GET with the document, for everybody', async () => {
    const answer = await send(url, { method: 'GET' });
    expect(answer).toMatchObject({ status: 200, text: '{"é":1}' });
    expect(answer.headers).toMatchObject({
      'content-type': 'application/json',
      'content-length': '8',
      'cache-control': 'public, max-age=300',
      'access-control-allow-origin': '*',
      'access-control-expose-headers': 'ETag, Link, Retry-After',
      'x-content-type-options': 'nosniff',
      etag: '"abc"',
    });
  });

  it('answers HEAD with the same headers', async () => {
    const answer = await send(url, { method: 'HEAD' });
    expect(answer).toMatchObject({ status: 200, text: '' });
    expect(answer.headers).toMatchObject({ 'content-length': '8', etag: '"abc"' });
  });

  it.each(['"abc"', 'W/"abc"', '*', ' "x", W/"abc" '])('answers If-None-Match: %s with 304', async (tag) => {
    const answer = await send(url, { method: 'GET', headers: { 'if-none-match': tag } });
    expect(answer).toMatchObject({ status: 304, text: '' });
    expect(answer.headers).toMatchObject({ etag: '"abc"', 'cache-control': 'public, max-age=300' });
  });

  it.each(['"other"', 'abc', '', '"ABC"'])('sends the document for If-None-Match: %s', async (tag) => {
    expect((await send(url, { method: 'GET', headers: { 'if-none-match': tag } })).status).toBe(200);
  });

  it('answers a preflight', async () => {
    const answer = await send(url, { method: 'OPTIONS', headers: { origin: 'https://any.example' } });
    expect(answer).toMatchObject({ status: 204, text: '' });
    expect(answer.headers).toMatchObject({
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'GET, HEAD',
    });
    expect(answer.headers).not.toHaveProperty('access-control-allow-credentials');
  });

  it.each(['POST', 'PUT', 'DELETE'])('refuses %s and names what it allows', async (method) => {
    const answer = await send(url, { method });
    expect(answer.status).toBe(405);
    expect(answer.headers['allow']).toBe('GET, HEAD, OPTIONS');
  });
});

describe('serveDocument with several media types', () => {
  const get = (accept: string | undefined, method = 'GET', headers = {}): ReturnType<typeof send> =>
    send(`${url}negotiated`, { method, headers: { ...headers, ...(accept !== undefined && { accept }) } });

  it.each([
    [undefined, parameter],
    ['*/*', parameter],
    ['application/linkset+json', parameter],
    ['application/json', 'application/json'],
    ['text/html, application/json;q=0.1', 'application/json'],
  ])('answers Accept: %s with %s, the same bytes and the same validator', async (accept, type) => {
    const answer = await get(accept);
    expect(answer).toMatchObject({ status: 200, text: '{"é":1}' });
    expect(answer.headers).toMatchObject({
      'content-type': type,
      vary: 'Accept',
      etag: '"abc"',
      link: negotiated.link,
    });
  });

  it('answers 406 with what there is when nothing fits, and lets nobody keep that', async () => {
    const answer = await get('text/html');
    expect(answer).toMatchObject({ status: 406, text: 'application/linkset+json\napplication/json\n' });
    expect(answer.headers).toMatchObject({
      vary: 'Accept',
      'cache-control': 'no-store',
      'access-control-allow-origin': '*',
    });
    expect(answer.headers).not.toHaveProperty('etag');
    expect(await get('text/html', 'HEAD')).toMatchObject({ status: 406, text: '' });
  });

  it('answers 304 with the fields that 200 would have, and none about a body', async () => {
    const answer = await get('*/*', 'GET', { 'if-none-match': '"abc"' });
    expect(answer).toMatchObject({ status: 304, text: '' });
    expect(answer.headers).toMatchObject({
      vary: 'Accept',
      etag: '"abc"',
      'cache-control': 'public, max-age=300',
      'access-control-expose-headers': 'ETag, Link, Retry-After',
    });
    for (const name of ['content-type', 'content-length']) expect(answer.headers).not.toHaveProperty(name);
  });

  it('gives one document to whoever, where there is one media type only', async () => {
    const answer = await send(url, { method: 'GET', headers: { accept: 'text/html' } });
    expect(answer.status).toBe(200);
    expect(answer.headers).not.toHaveProperty('vary');
  });

  it('does not read a body that somebody sends along', async () => {
    const answer = await send(`${url}negotiated`, { method: 'POST', body: Buffer.alloc(200_000) });
    expect(answer.status).toBe(405);
    expect(answer.headers['connection']).toBe('close');
  });
});
