import { request, type ClientRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { McpServer } from '@modelcontextprotocol/server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createOpenStreams, maxOpenStreams } from '../../src/edge/open-streams.ts';
import { mount, statelessHandler } from '../../src/index.ts';
import { json, ok, sse } from '../support/call-handler.ts';
import { openGuarded, type Guarded } from '../support/guarded.ts';
import { modern, send, type SendOptions } from '../support/http.ts';
import { until } from '../support/until.ts';

let guarded: Guarded;
let clients: ClientRequest[] = [];
beforeEach(async () => {
  clients = [];
  guarded = await openGuarded({ config: { legacy: 'handler', rateLimits: generous } });
});
afterEach(async () => {
  for (const client of clients) client.destroy();
  await guarded.close();
});

const generous = { perAddress: '10000/s', perPrincipal: '10000/s' };

function buildServer(): McpServer {
  const server = new McpServer({ name: 'test', version: '1' });
  server.registerTool('whoami', {}, () => ({ content: [] }));
  return server;
}

const get = (token: string): SendOptions => ({ method: 'GET', headers: { authorization: `Bearer ${token}` } });
const listen = (token: string): SendOptions =>
  modern(token, 'subscriptions/listen', { notifications: { toolsListChanged: true } });

/** Opens a stream and keeps it open. */
function open(url: string, { method = 'POST', headers = {}, body }: SendOptions): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const client = request(url, { method, headers, agent: false });
    clients.push(client);
    client.on('response', resolve).on('error', reject);
    client.end(body);
  });
}

const closed = (): number => guarded.records.filter(({ type }) => type === 'stream.closed').length;

const kinds = [
  [
    'GET',
    (ran: () => void) => mount((_req, res: ServerResponse) => (ran(), res.writeHead(200, sse).write(': x\n\n'))),
    get,
  ],
  ['subscriptions/listen', (ran: () => void) => statelessHandler(() => (ran(), buildServer())), listen],
] as const;

describe.each(kinds)('%s', (_name, make, stream) => {
  // @verifies WALK-05-PRINCIPAL-LIMIT
  it(`that would be stream ${maxOpenStreams + 1} of its principal is 429 and runs nothing, until another one ends`, async () => {
    let ran = 0;
    const url = await guarded.serveHandler(make(() => (ran += 1)));
    const token = await guarded.token([], 'alice');
    const opened = await Promise.all(Array.from({ length: maxOpenStreams }, () => open(url, stream(token))));
    expect(new Set(opened.map(({ statusCode }) => statusCode))).toEqual(new Set([200]));

    const before = { ran, records: guarded.records.length };
    const refused = await send(url, stream(await guarded.token([], 'alice')));
    expect({ status: refused.status, after: refused.headers['retry-after'] }).toEqual({ status: 429, after: '30' });
    expect(JSON.parse(refused.text)).toMatchObject({ error: { code: 429, data: { code: 'ERR_LIMIT_RATE_LIMITED' } } });
    expect(ran).toBe(before.ran);
    const left = guarded.records.slice(before.records);
    expect(left.map(({ type, decision }) => `${type} ${decision?.reason ?? ''}`)).toEqual([
      'request.refused rate_limited',
    ]);

    const other = await open(url, stream(await guarded.token([], 'bob')));
    expect(other.statusCode).toBe(200);

    clients[0]?.destroy();
    opened[1]?.on('error', () => undefined).destroy();
    await until(() => closed() === 2, 'two streams are closed');
    expect((await open(url, stream(token))).statusCode).toBe(200);
    expect((await open(url, stream(token))).statusCode).toBe(200);
    expect((await send(url, stream(token))).status).toBe(429);
  });
});

it('a GET that is answered without a stream, and a call, take no place', async () => {
  const url = await guarded.serveHandler(mount((_req, res: ServerResponse) => res.writeHead(200, json).end(ok)));
  const token = await guarded.token([]);
  for (let i = 0; i <= maxOpenStreams; i++) expect((await send(url, get(token))).status).toBe(200);
  const call = modern(token, 'tools/call', { name: 'whoami', arguments: {} });
  for (let i = 0; i <= maxOpenStreams; i++) expect((await send(url, call)).status).toBe(200);
});

describe('createOpenStreams', () => {
  it('counts per key, and a place that was given back is free', () => {
    const streams = createOpenStreams(2);
    expect([streams.take('a'), streams.take('a'), streams.take('a'), streams.take('b')]).toEqual([
      true,
      true,
      false,
      true,
    ]);
    streams.release('a');
    expect([streams.take('a'), streams.take('a')]).toEqual([true, false]);
  });
});
