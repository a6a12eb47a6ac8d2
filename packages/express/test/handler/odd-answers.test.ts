import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  callHandler,
  event,
  expectOneOutcome,
  failed,
  json,
  ok,
  result,
  sse,
  type Expected,
  type Handler,
} from '../support/call-handler.ts';
import { openGuarded, type Guarded } from '../support/guarded.ts';

let guarded: Guarded;
beforeAll(async () => {
  guarded = await openGuarded();
});
afterAll(() => guarded.close());

const tools = result({ tools: [{ name: 'whoami' }, { name: 'purge-notes' }] });
const onlyWhoami = result({ tools: [{ name: 'whoami' }] });

const writing: readonly [string, Handler, Expected][] = [
  [
    'answers with HTML',
    (_req, res) => res.writeHead(200, { 'content-type': 'text/html' }).end('<p>x</p>'),
    { status: 200, text: '<p>x</p>', outcome: 'ok' },
  ],
  ['answers with nothing', (_req, res) => res.writeHead(202).end(), { status: 202, text: '', outcome: 'ok' }],
  [
    'answers 204 with a body',
    (_req, res) => res.writeHead(204, json).end(ok),
    { status: 204, text: '', outcome: 'ok' },
  ],
  [
    'encodes its answer',
    (_req, res) => res.writeHead(200, { ...json, 'content-encoding': 'gzip' }).end(gzipSync(tools)),
    failed,
  ],
  [
    'encodes its stream',
    (_req, res) => res.writeHead(200, { ...sse, 'content-encoding': 'gzip' }).end(gzipSync(event(tools))),
    failed,
  ],
  ['says JSON and writes something else', (_req, res) => res.writeHead(200, json).end('<p>x</p>'), failed],
  ...['application/json-seq', 'application/x-ndjson', 'application/jsonl', 'Application/JSON; charset=utf-16'].map(
    (type): [string, Handler, Expected] => [
      `writes a list as ${type} that can not be read as JSON`,
      (_req, res) => res.writeHead(200, { 'content-type': type }).end(`\u001e${tools}\n`),
      failed,
    ],
  ),
  [
    'writes a list without a type',
    (_req, res) => res.writeHead(200).end(tools),
    { status: 200, text: onlyWhoami, outcome: 'ok' },
  ],
  [
    'writes a list as text',
    (_req, res) => res.writeHead(200, { 'content-type': 'text/plain' }).end(` \n${tools}`),
    { status: 200, text: onlyWhoami, outcome: 'ok' },
  ],
  [
    'writes a list byte by byte',
    (_req, res) => {
      res.writeHead(200, json);
      for (const byte of Buffer.from(tools)) res.write(Uint8Array.of(byte));
      res.end();
    },
    { status: 200, text: onlyWhoami, outcome: 'ok' },
  ],
  [
    'writes something that is no chunk',
    (_req, res) => {
      res.writeHead(200, json).write(null);
      res.end(ok);
    },
    failed,
  ],
  [
    'sets a header that can not be sent',
    (_req, res) =>
      res
        .writeHead(200, [
          ['content-type', 'application/json'],
          ['x-own', 'a\u0001'],
        ] as never)
        .end(ok),
    failed,
  ],
  [
    'sets a length that is not that of its list',
    (_req, res) => res.writeHead(200, { ...json, 'content-length': String(Buffer.byteLength(tools)) }).end(tools),
    { status: 200, text: onlyWhoami, outcome: 'ok' },
  ],
  ['answers with a status that is none', (_req, res) => res.writeHead(1000, json).end(ok), failed],
  ['streams with a status that is none', (_req, res) => res.writeHead(1000, sse).end(event(ok)), failed],
  ['ends twice', (_req, res) => res.writeHead(200, json).end(ok).end(tools), { status: 200, text: ok, outcome: 'ok' }],
  [
    'writes the head twice',
    (_req, res) => res.writeHead(200, json).writeHead(500, sse).end(ok),
    { status: 200, text: ok, outcome: 'ok' },
  ],
  [
    'writes after its end',
    (_req, res) => res.writeHead(200, json).end(ok).write(tools),
    { status: 200, text: ok, outcome: 'ok' },
  ],
  [
    'writes to a stream after its end',
    (_req, res) => res.writeHead(200, sse).end(event(ok)).write(event(tools)),
    { status: 200, text: event(ok), outcome: 'ok' },
  ],
  [
    'writes to a stream long after its end',
    async (_req, res) => {
      await new Promise<void>((resolve) => res.writeHead(200, sse).end(event(ok), resolve));
      res.write(event(tools));
    },
    { status: 200, text: event(ok), outcome: 'ok' },
  ],
  [
    'ends its stream without an answer',
    (_req, res) => res.writeHead(200, sse).end(event('{"method":"x"}')),
    { status: 200, text: event('{"method":"x"}'), outcome: 'cancelled' },
  ],
  [
    'ends its stream in the middle of an event',
    (_req, res) => res.writeHead(200, sse).end(`data: ${tools}`),
    { status: 200, text: '', outcome: 'cancelled' },
  ],
  [
    'ends its stream in the middle of an event, after a line',
    (_req, res) => res.writeHead(200, sse).end(`data: ${tools}\n`),
    { status: 200, text: '', outcome: 'cancelled' },
  ],
  [
    'says that the call was wrong',
    (_req, res) => res.writeHead(400, json).end('{"error":{"code":-32602,"message":"m"}}'),
    { status: 400, text: '{"error":{"code":-32602,"message":"m"}}', outcome: 'rejected' },
  ],
  [
    'answers with a JSON-RPC error',
    (_req, res) => res.writeHead(200, json).end('{"error":{"code":1,"message":"m"}}'),
    { status: 200, outcome: 'error' },
  ],
  [
    'answers isError',
    (_req, res) => res.writeHead(200, json).end(result({ isError: true })),
    { status: 200, outcome: 'tool_error' },
  ],
  [
    'streams isError',
    (_req, res) => res.writeHead(200, sse).end(event(result({ isError: true }))),
    { status: 200, outcome: 'tool_error' },
  ],
  ['cuts the connection', (_req, res) => res.destroy(), { status: undefined, outcome: 'disconnected' }],
  [
    'cuts the connection in the middle of a stream',
    (_req, res) => {
      res.writeHead(200, sse).write(event('{}'));
      setImmediate(() => res.destroy());
    },
    { status: undefined, outcome: 'disconnected' },
  ],
];

describe.each(writing)('a handler that %s', (_name, handler, expected) => {
  // @verifies WALK-11-ONE-OUTCOME, WALK-11-TOOL-ERROR
  it(`has one decision and the one outcome ${expected.outcome}`, async () => {
    await expectOneOutcome(guarded, handler, expected);
  });
});

it('an answer that is nested too deep for this Node to write again is an error, and shows nothing hidden', async () => {
  const deep = '['.repeat(100_000) + ']'.repeat(100_000);
  const body = `{"jsonrpc":"2.0","id":1,"result":{"tools":[{"name":"purge-notes"}],"x":${deep}}}`;
  const before = guarded.records.length;
  const answer = await callHandler(guarded, (_req, res) => res.writeHead(200, json).end(body));
  expect(answer?.text).not.toContain('purge-notes');
  const outcome = guarded.records.slice(before).flatMap((record) => record.outcome ?? []);
  expect(outcome.map(({ httpStatus }) => httpStatus)).toEqual([answer?.status]);
});

describe('the headers of a handler', () => {
  it('can not set what is the guard’s to say', async () => {
    const answer = await callHandler(guarded, (_req, res) => {
      res.setHeader('Access-Control-Allow-Origin', '*');
      res.setHeader('Vary', '*');
      res.writeHead(200, {
        ...json,
        'www-authenticate': 'Bearer error="invalid_token"',
        'mcp-session-id': 'chosen',
        'access-control-allow-credentials': 'true',
        'x-own': ['a', 'b'],
      });
      res.end(ok);
    });
    expect(answer?.headers).toMatchObject({ 'cache-control': 'no-store', vary: 'Origin', 'x-own': 'a, b' });
    for (const name of [
      'access-control-allow-origin',
      'access-control-allow-credentials',
      'www-authenticate',
      'mcp-session-id',
    ]) {
      expect(answer?.headers).not.toHaveProperty(name);
    }
  });

  it.each([
    ['public, max-age=60', 'no-store'],
    ['s-maxage=60', 'no-store'],
    ['max-age=60, must-revalidate', 'no-store'],
    ['PUBLIC', 'no-store'],
    ['private, max-age=60', 'private, max-age=60'],
    ['no-store', 'no-store'],
    ['max-age=60', 'no-store'],
    ['no-cache', 'no-store'],
    ['no-cache, no-transform', 'no-store, no-transform'],
    ['no-cache="x-own, private"', 'no-store'],
    ['private="x-own"', 'no-store'],
  ])('with Cache-Control: %s say %s', async (given, sent) => {
    const answer = await callHandler(guarded, (_req, res) =>
      res.writeHead(200, { ...json, 'cache-control': given }).end(ok),
    );
    expect(answer?.headers['cache-control']).toBe(sent);
  });

  it.each([undefined, 'no-cache', 'no-cache, no-transform', 'public'])(
    'of a stream with Cache-Control: %s say that nobody keeps or changes it',
    async (given) => {
      const answer = await callHandler(guarded, (_req, res) =>
        res.writeHead(200, { ...sse, ...(given !== undefined && { 'cache-control': given }) }).end(event(ok)),
      );
      expect(answer?.headers['cache-control']).toBe('no-store, no-transform');
    },
  );
});
