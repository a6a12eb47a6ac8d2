import type { ErrorRequestHandler, RequestHandler } from 'express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mount } from '../../src/index.ts';
import { json, ok, result, sse } from '../support/call-handler.ts';
import { openGuarded, type Guarded } from '../support/guarded.ts';
import { modern, send } from '../support/http.ts';

let guarded: Guarded;
beforeAll(async () => {
  guarded = await openGuarded({ config: { legacy: 'handler' } });
});
afterAll(() => guarded.close());

const tools = result({ tools: [{ name: 'whoami' }, { name: 'purge-notes' }] });
const notSetUp = (id?: number): object => ({
  jsonrpc: '2.0',
  ...(id !== undefined && { id }),
  error: {
    code: -32_603,
    message: 'The server is not set up correctly. Its log says why.',
    data: {
      code: 'ERR_SERVER_GUARD_MISSING',
      doc: 'https://sallyport.dev/errors/ERR_SERVER_GUARD_MISSING',
    },
  },
});

const fails: RequestHandler = () => {
  throw new Error('secret inside');
};
const answersErrors: ErrorRequestHandler = (_error, _req, res, _next) => void res.status(200).type('json').send(tools);
const wrapped = mount((_req, res: { end(text: string): void }) => res.end(tools));

const unwrapped: readonly [string, RequestHandler[], ErrorRequestHandler?][] = [
  ['a handler that sends JSON', [(_req, res) => void res.json(JSON.parse(tools))]],
  ['a handler that writes and ends', [(_req, res) => void res.writeHead(200, json).end(tools)]],
  ['a handler that writes in pieces', [(_req, res) => res.write(tools) && void res.end()]],
  ['a handler that streams', [(_req, res) => void res.writeHead(200, sse).end(`data: ${tools}\n\n`)]],
  ['a handler that only flushes its headers', [(_req, res) => res.type('json').flushHeaders()]],
  ['a handler that redirects', [(_req, res) => res.redirect('https://elsewhere.example/')]],
  ['no handler', []],
  ['an error that nobody answers', [fails]],
  ['an error middleware that answers', [fails], answersErrors],
  [
    'a handler that answers and passes on to one that is wrapped',
    [
      (_req, res, next) => {
        res.status(200).type('json').send(tools);
        next();
      },
      wrapped,
    ],
  ],
];

describe.each(unwrapped)('%s behind protect', (_name, after, onError) => {
  // @verifies HANDLER-COMMIT-MARK, WALK-11-ONE-OUTCOME
  it('that is not wrapped is answered with 500, and the log says so', async () => {
    const url = await guarded.serve((app, suite) => {
      app.all('/mcp', suite.protect, ...after);
      if (onError !== undefined) app.use(onError);
    });
    const from = { records: guarded.records.length, logged: guarded.logged.length };
    const token = await guarded.token([]);
    const answer = await send(url, modern(token, 'tools/call', { name: 'whoami', arguments: {} }));
    await new Promise((resolve) => setImmediate(resolve));
    expect(answer.status).toBe(500);
    expect(answer.headers).toMatchObject({ 'content-type': 'application/json', 'cache-control': 'no-store' });
    expect(answer.headers).not.toHaveProperty('location');
    expect(JSON.parse(answer.text)).toEqual(notSetUp(1));
    expect(guarded.records.slice(from.records).map(({ type, outcome }) => `${type} ${outcome?.status ?? ''}`)).toEqual([
      'mcp.decision ',
      'mcp.outcome error',
    ]);
    const error = guarded.logged.slice(from.logged).find(({ level }) => level >= 50);
    expect(error).toMatchObject({ missing: 'mount' });
    expect(error?.msg).toContain('not wrapped');
  });
});

it('a GET that an unwrapped handler answers with a stream is 500 too, and no stream', async () => {
  const url = await guarded.serveHandler((_req, res) => void res.writeHead(200, sse).write(`data: ${tools}\n\n`));
  const before = guarded.records.length;
  const answer = await send(url, { method: 'GET', headers: { authorization: `Bearer ${await guarded.token([])}` } });
  await new Promise((resolve) => setImmediate(resolve));
  expect({ status: answer.status, body: JSON.parse(answer.text) as unknown }).toEqual({
    status: 500,
    body: notSetUp(),
  });
  expect(guarded.records.slice(before).map(({ type }) => type)).toEqual(['mcp.decision', 'mcp.outcome']);
});

it('a middleware between protect and the handler may set headers, look at the call and pass on', async () => {
  const between: RequestHandler = (_req, res, next) => {
    res.setHeader('x-between', 'yes');
    next();
  };
  const url = await guarded.serve((app, suite) =>
    app.all(
      '/mcp',
      suite.protect,
      between,
      mount((_req, res: { end(text: string): void }) => res.end(ok)),
    ),
  );
  const token = await guarded.token([]);
  const answer = await send(url, modern(token, 'tools/call', { name: 'whoami', arguments: {} }));
  expect({ status: answer.status, text: answer.text }).toEqual({ status: 200, text: ok });
  expect(answer.headers['x-between']).toBe('yes');
});
