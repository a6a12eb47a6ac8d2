import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mount } from '../../src/index.ts';
import { openGuarded, type Guarded } from '../support/guarded.ts';
import { modern, send, type Answer } from '../support/http.ts';
import { openServer } from '../support/open-server.ts';

let guarded: Guarded;
beforeAll(async () => {
  guarded = await openGuarded();
});
afterAll(() => guarded.close());

type Write = (res: ServerResponse, called: (name: string) => () => void) => unknown;

interface Written {
  readonly status: number;
  readonly text: string;
  readonly headers: Record<string, unknown>;
  readonly called: readonly string[];
}

const compared = ['content-type', 'x-a', 'x-b', 'x-list', 'set-cookie'];

async function written(answer: Promise<Answer>, called: readonly string[]): Promise<Written> {
  const { status, text, headers } = await answer;
  await new Promise((resolve) => setImmediate(resolve));
  return { status, text, headers: Object.fromEntries(compared.map((name) => [name, headers[name]])), called };
}

async function throughTheGuard(write: Write): Promise<Written> {
  const called: string[] = [];
  const handler = mount((_req, res: ServerResponse) => write(res, (name) => () => void called.push(name)));
  const url = await guarded.serveHandler(handler);
  const call = modern(await guarded.token([]), 'tools/call', { name: 'whoami', arguments: {} });
  return written(send(url, call), called);
}

/** What the same handler writes without a guard. */
async function plainly(write: Write): Promise<Written> {
  const called: string[] = [];
  const { url, close } = await openServer((_req, res) => void write(res, (name) => () => void called.push(name)));
  const answer = await written(send(url), called);
  await close();
  return answer;
}

const json = { 'Content-Type': 'application/json' };
const sse = { 'Content-Type': 'text/event-stream' };
const note = 'data: {"method":"n"}\n\n';
const last = 'data: {"jsonrpc":"2.0","id":1,"result":{"x":"é€"}}\n\n';

const overloads: readonly [string, Write][] = [
  ['end(text)', (res) => res.writeHead(200, json).end('{"x":"é"}')],
  ['end(text, encoding)', (res) => res.writeHead(200, json).end('7b7d', 'hex')],
  ['end(text, callback)', (res, called) => res.writeHead(200, json).end('{}', called('end'))],
  ['end(text, encoding, callback)', (res, called) => res.writeHead(200, json).end('e30=', 'base64', called('end'))],
  ['end(bytes)', (res) => res.writeHead(200, json).end(new TextEncoder().encode('{}'))],
  ['end(callback)', (res, called) => res.writeHead(200, json).end(called('end'))],
  ['end()', (res) => res.writeHead(202).end()],
  [
    'write(text, callback), then end(callback)',
    (res, called) => {
      res.writeHead(200, json);
      res.write('{"a":', called('write'));
      res.write('312c', 'hex', called('hex'));
      res.write(Buffer.from('"b":2'));
      res.end('}', called('end'));
    },
  ],
  [
    'setHeader, then end',
    (res) => {
      res.statusCode = 201;
      res.setHeader('Content-Type', 'application/json').setHeader('X-A', 7).setHeader('X-List', ['a', 'b']);
      res.end('{}');
    },
  ],
  [
    'appendHeader and removeHeader',
    (res) => {
      res.appendHeader('X-List', 'a').appendHeader('X-List', 'b').setHeader('X-A', '1').removeHeader('X-A');
      res.end('{}');
    },
  ],
  [
    'setHeaders',
    (res) => {
      res.setHeaders(
        new Map([
          ['X-A', '1'],
          ['X-B', '2'],
        ]),
      );
      res.end('{}');
    },
  ],
  ['writeHead(status, text, headers)', (res) => res.writeHead(203, 'Fine', { ...json, 'X-A': 1 }).end('{}')],
  [
    'writeHead over setHeader',
    (res) => {
      res.setHeader('X-A', 'old').setHeader('X-B', 'kept');
      res.writeHead(200, { ...json, 'x-a': 'new' }).end('{}');
    },
  ],
  ['writeHead(status, list)', (res) => res.writeHead(200, ['Content-Type', 'application/json', 'X-A', '1']).end('{}')],
  [
    'writeHead(status, list with a name twice)',
    (res) => res.writeHead(200, ['Set-Cookie', 'a=1', 'Set-Cookie', 'b=2']).end('{}'),
  ],
  [
    'writeHead(status, list of lists)',
    (res) => res.writeHead(200, { 'Set-Cookie': ['a=1', 'b=2'], 'X-A': '1' }).end('{}'),
  ],
  [
    'an event stream',
    (res, called) => {
      res.writeHead(200, sse).flushHeaders();
      res.write(note, called('write'));
      res.write(Buffer.from(last).toString('hex'), 'hex', called('hex'));
      res.end(note, called('end'));
    },
  ],
  [
    'an event stream without writeHead',
    (res) => {
      res.setHeader('content-type', 'text/event-stream; charset=utf-8');
      res.flushHeaders();
      res.write(note);
      res.end(last);
    },
  ],
];

describe.each(overloads)('%s', (_name, write) => {
  it('means the same behind the guard', async () => {
    expect(await throughTheGuard(write)).toEqual(await plainly(write));
  });
});

it('waits for a slow reader of a stream like without a guard', async () => {
  const big = `data: {"method":"${'x'.repeat(1024 * 1024)}"}\n\n`;
  let flowing = true;
  let drained = false;
  const handler = mount((_req, res: ServerResponse) => {
    res.writeHead(200, sse);
    for (let i = 0; i < 32 && flowing; i++) flowing = res.write(big);
    res.once('drain', () => {
      drained = true;
      res.end(last);
    });
  });
  const url = await guarded.serveHandler(handler);
  const answer = await send(url, modern(await guarded.token([]), 'tools/call', { name: 'whoami', arguments: {} }));
  expect({ flowing, drained }).toEqual({ flowing: false, drained: true });
  expect(answer.text.endsWith(last)).toBe(true);
});
