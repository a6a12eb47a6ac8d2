import type { IncomingMessage, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mount } from '../../src/index.ts';
import { openGuarded, type Guarded } from '../support/guarded.ts';
import { modern, send, type Answer } from '../support/http.ts';
import { until } from '../support/until.ts';

let guarded: Guarded;
beforeAll(async () => {
  guarded = await openGuarded();
});
afterAll(() => guarded.close());

type Handler = (req: IncomingMessage, res: ServerResponse) => unknown;

const result = (value: object): string => JSON.stringify({ jsonrpc: '2.0', id: 1, result: value });
const ok = result({ content: [] });
const tools = result({ tools: [{ name: 'whoami' }, { name: 'purge-notes' }] });
const onlyWhoami = result({ tools: [{ name: 'whoami' }] });
const json = { 'content-type': 'application/json' };
const sse = { 'content-type': 'text/event-stream' };
const event = (text: string): string => `data: ${text}\n\n`;
const internalError = {
  jsonrpc: '2.0',
  id: 1,
  error: {
    code: -32_603,
    message: 'Internal error.',
    data: {
      code: 'ERR_SERVER_INTERNAL_ERROR',
      doc: 'https://sallyport.dev/errors/ERR_SERVER_INTERNAL_ERROR',
    },
  },
};
const errorText = JSON.stringify(internalError);

async function call(handler: Handler): Promise<{ answer: Answer | undefined; outcomes: unknown[]; decisions: number }> {
  const url = await guarded.serveHandler(mount(handler));
  const before = guarded.records.length;
  const request = modern(await guarded.token([]), 'tools/call', { name: 'whoami', arguments: {} });
  const answer = await send(url, request).catch(() => undefined);
  const left = (type: string): typeof guarded.records =>
    guarded.records.slice(before).filter((record) => record.type === type);
  await until(() => left('mcp.outcome').length > 0, 'there is an outcome');
  // What comes late comes now.
  for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve));
  return {
    answer,
    outcomes: left('mcp.outcome').map(({ outcome }) => outcome?.status),
    decisions: guarded.records.slice(before).filter(({ decision }) => decision !== undefined).length,
  };
}

interface Expected {
  /** `undefined`: the connection ends without an answer. */
  readonly status: number | undefined;
  readonly text?: string;
  readonly outcome: string;
}

const failed: Expected = { status: 500, text: errorText, outcome: 'error' };

const throwing: readonly [string, Handler, Expected][] = [
  [
    'throws',
    () => {
      throw new Error('secret inside');
    },
    failed,
  ],
  ['rejects', () => Promise.reject(new Error('secret inside')), failed],
  ['rejects with nothing', () => Promise.reject(undefined as unknown as Error), failed],
  [
    'throws after a part of its answer',
    (_req, res) => {
      res.writeHead(200, json).write('{"half":');
      throw new Error('secret inside');
    },
    failed,
  ],
  [
    'throws after its answer',
    (_req, res) => {
      res.writeHead(200, json).end(ok);
      throw new Error('too late');
    },
    { status: 200, text: ok, outcome: 'ok' },
  ],
  [
    'rejects after its answer was sent',
    async (_req, res) => {
      await new Promise<void>((resolve) => res.writeHead(200, json).end(ok, resolve));
      throw new Error('too late');
    },
    { status: 200, text: ok, outcome: 'ok' },
  ],
  [
    'throws in the middle of a stream',
    (_req, res) => {
      res.writeHead(200, sse).write(event('{"method":"x"}'));
      throw new Error('secret inside');
    },
    { status: 200, text: event('{"method":"x"}') + event(errorText), outcome: 'error' },
  ],
  [
    'throws after its stream has ended',
    (_req, res) => {
      res.writeHead(200, sse).end(event(ok));
      throw new Error('too late');
    },
    { status: 200, text: event(ok), outcome: 'ok' },
  ],
  [
    'rejects after its stream was sent',
    async (_req, res) => {
      await new Promise<void>((resolve) => res.writeHead(200, sse).end(event(ok), resolve));
      throw new Error('too late');
    },
    { status: 200, text: event(ok), outcome: 'ok' },
  ],
];

const writing: readonly [string, Handler, Expected][] = [
  ['answers with HTML', (_req, res) => res.writeHead(200, { 'content-type': 'text/html' }).end('<p>x</p>'), { status: 200, text: '<p>x</p>', outcome: 'ok' }],
  ['answers with nothing', (_req, res) => res.writeHead(202).end(), { status: 202, text: '', outcome: 'ok' }],
  ['answers 204 with a body', (_req, res) => res.writeHead(204, json).end(ok), { status: 204, text: '', outcome: 'ok' }],
  ['encodes its answer', (_req, res) => res.writeHead(200, { ...json, 'content-encoding': 'gzip' }).end(gzipSync(tools)), failed],
  ['says JSON and writes something else', (_req, res) => res.writeHead(200, json).end('<p>x</p>'), failed],
  ['writes a list without a type', (_req, res) => res.writeHead(200).end(tools), { status: 200, text: onlyWhoami, outcome: 'ok' }],
  ['writes a list as text', (_req, res) => res.writeHead(200, { 'content-type': 'text/plain' }).end(` \n${tools}`), { status: 200, text: onlyWhoami, outcome: 'ok' }],
  ['writes a list byte by byte', (_req, res) => {
    res.writeHead(200, json);
    for (const byte of Buffer.from(tools)) res.write(Uint8Array.of(byte));
    res.end();
  }, { status: 200, text: onlyWhoami, outcome: 'ok' }],
  ['nests its answer too deep to be written again', (_req, res) => res.writeHead(200, json).end(`{"result":{"tools":[{"name":"purge-notes"}],"x":${'['.repeat(100_000)}${']'.repeat(100_000)}}}`), failed],
  ['writes something that is no chunk', (_req, res) => {
    res.writeHead(200, json).write(null as unknown as string);
    res.end(ok);
  }, failed],
  ['sets a header that can not be sent', (_req, res) => res.writeHead(200, [['content-type', 'application/json'], ['x-own', 'a\u0001']] as never).end(ok), failed],
  ['sets a length that is not that of its list', (_req, res) => res.writeHead(200, { ...json, 'content-length': String(Buffer.byteLength(tools)) }).end(tools), { status: 200, text: onlyWhoami, outcome: 'ok' }],
  ['answers with a status that is none', (_req, res) => res.writeHead(1000, json).end(ok), failed],
  ['streams with a status that is none', (_req, res) => res.writeHead(1000, sse).end(event(ok)), failed],
  ['ends twice', (_req, res) => res.writeHead(200, json).end(ok).end(tools), { status: 200, text: ok, outcome: 'ok' }],
  ['writes the head twice', (_req, res) => res.writeHead(200, json).writeHead(500, sse).end(ok), { status: 200, text: ok, outcome: 'ok' }],
  ['writes after its end', (_req, res) => res.writeHead(200, json).end(ok).write(tools), { status: 200, text: ok, outcome: 'ok' }],
  ['writes to a stream after its end', (_req, res) => res.writeHead(200, sse).end(event(ok)).write(event(tools)), { status: 200, text: event(ok), outcome: 'ok' }],
  ['writes to a stream long after its end', async (_req, res) => {
    await new Promise<void>((resolve) => res.writeHead(200, sse).end(event(ok), resolve));
    res.write(event(tools));
  }, { status: 200, text: event(ok), outcome: 'ok' }],
  ['ends its stream without an answer', (_req, res) => res.writeHead(200, sse).end(event('{"method":"x"}')), { status: 200, text: event('{"method":"x"}'), outcome: 'cancelled' }],
  ['ends its stream in the middle of an event', (_req, res) => res.writeHead(200, sse).end(`data: ${tools}`), { status: 200, text: '', outcome: 'cancelled' }],
  ['ends its stream in the middle of an event, after a line', (_req, res) => res.writeHead(200, sse).end(`data: ${tools}\n`), { status: 200, text: '', outcome: 'cancelled' }],
  ['says that the call was wrong', (_req, res) => res.writeHead(400, json).end('{"error":{"code":-32602,"message":"m"}}'), { status: 400, text: '{"error":{"code":-32602,"message":"m"}}', outcome: 'rejected' }],
  ['answers with a JSON-RPC error', (_req, res) => res.writeHead(200, json).end('{"error":{"code":1,"message":"m"}}'), { status: 200, outcome: 'error' }],
  ['answers isError', (_req, res) => res.writeHead(200, json).end(result({ isError: true })), { status: 200, outcome: 'tool_error' }],
  ['streams isError', (_req, res) => res.writeHead(200, sse).end(event(result({ isError: true }))), { status: 200, outcome: 'tool_error' }],
  ['cuts the connection', (_req, res) => res.destroy(), { status: undefined, outcome: 'disconnected' }],
  ['cuts the connection in the middle of a stream', (_req, res) => {
    res.writeHead(200, sse).write(event('{}'));
    setImmediate(() => res.destroy());
  }, { status: undefined, outcome: 'disconnected' }],
];

describe.each([...throwing, ...writing])('a handler that %s', (_name, handler, expected) => {
  // @verifies WALK-11-ONE-OUTCOME, WALK-11-TOOL-ERROR
  it(`has one decision and the one outcome ${expected.outcome}`, async () => {
    const { answer, outcomes, decisions } = await call(handler);
    expect(answer?.status).toBe(expected.status);
    if (expected.text !== undefined) expect(answer?.text).toBe(expected.text);
    expect({ outcomes, decisions }).toEqual({ outcomes: [expected.outcome], decisions: 1 });
  });
});

describe('the headers of a handler', () => {
  it('can not set what is the guard’s to say', async () => {
    const { answer } = await call((_req, res) => {
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
    for (const name of ['access-control-allow-origin', 'access-control-allow-credentials', 'www-authenticate', 'mcp-session-id']) {
      expect(answer?.headers).not.toHaveProperty(name);
    }
  });

  it.each([
    ['public, max-age=60', 'no-store'],
    ['s-maxage=60', 'no-store'],
    ['max-age=60, must-revalidate', 'no-store'],
    ['PUBLIC', 'no-store'],
    ['private, max-age=60', 'private, max-age=60'],
    ['no-cache, no-transform', 'no-cache, no-transform'],
  ])('with Cache-Control: %s say %s', async (given, sent) => {
    const { answer } = await call((_req, res) => res.writeHead(200, { ...json, 'cache-control': given }).end(ok));
    expect(answer?.headers['cache-control']).toBe(sent);
  });
});

it('a client that leaves before a slow handler answers has the outcome disconnected', async () => {
  let finish = (): void => undefined;
  let started = false;
  const handler = mount((_req, res: ServerResponse) => {
    started = true;
    return new Promise<void>((resolve) => {
      finish = () => {
        res.writeHead(200, json).end(ok);
        resolve();
      };
    });
  });
  const url = await guarded.serveHandler(handler);
  const before = guarded.records.length;
  const leave = new AbortController();
  const request = modern(await guarded.token([]), 'tools/call', { name: 'whoami', arguments: {} });
  const calling = fetch(url, { method: 'POST', ...(request as RequestInit), signal: leave.signal }).catch(() => undefined);
  await until(() => started, 'the handler runs');
  leave.abort();
  await calling;
  const outcomes = (): unknown[] =>
    guarded.records.slice(before).flatMap(({ type, outcome }) => (type === 'mcp.outcome' ? [outcome?.status] : []));
  await until(() => outcomes().length > 0, 'there is an outcome');
  finish();
  await new Promise((resolve) => setImmediate(resolve));
  expect(outcomes()).toEqual(['disconnected']);
});
