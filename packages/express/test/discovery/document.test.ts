import { beforeAll, describe, expect, it } from 'vitest';
import { serveDocument } from '../../src/discovery/document.ts';
import { send } from '../support/http.ts';
import { openServer } from '../support/open-server.ts';

const document = { contentType: 'application/json', body: Buffer.from('{"é":1}'), etag: '"abc"' };
let url: string;
beforeAll(async () => {
  const server = await openServer((req, res) => serveDocument(document, req, res));
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
      'access-control-expose-headers': 'ETag',
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
