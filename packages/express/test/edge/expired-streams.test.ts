import type { IncomingMessage, ServerResponse } from 'node:http';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { toNodeHandler } from '@modelcontextprotocol/node';
import type { RequestHandler } from 'express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mount, statelessHandler } from '../../src/index.ts';
import { json, ok, sse } from '../support/call-handler.ts';
import { openGuarded, type Guarded } from '../support/guarded.ts';
import { modern, send, type SendOptions } from '../support/http.ts';
import { until } from '../support/until.ts';

let guarded: Guarded;
beforeAll(async () => {
  guarded = await openGuarded({ config: { legacy: 'handler', clockSkewSeconds: 1 } });
});
afterAll(() => guarded.close());

/** A token that is good for a second, and then for the second of clock skew. */
const shortLived = (): Promise<string> => guarded.token(['notes:read'], 'alice', 1);
const expired = (): Promise<void> => new Promise((resolve) => void setTimeout(resolve, 3_000));
const get = (token: string): SendOptions => ({ method: 'GET', headers: { authorization: `Bearer ${token}` } });
const listen = (token: string): SendOptions =>
  modern(token, 'subscriptions/listen', { notifications: { toolsListChanged: true } });

function buildServer(): McpServer {
  const server = new McpServer({ name: 'test', version: '1' });
  server.registerTool('whoami', {}, () => ({ content: [] }));
  return server;
}

let closed: string[] = [];
const openStream: RequestHandler = mount((req: IncomingMessage, res: ServerResponse) => {
  req.on('close', () => closed.push('request'));
  res.on('close', () => closed.push('response'));
  res.writeHead(200, sse).write(': open\n\n');
});
const streams: readonly [string, () => RequestHandler, (token: string) => SendOptions][] = [
  ['the GET of a sessionful handler', () => openStream, get],
  ['subscriptions/listen of statelessHandler', () => statelessHandler(buildServer), listen],
  ['subscriptions/listen of a mounted handler', () => mount(toNodeHandler(createMcpHandler(buildServer))), listen],
];

describe.each(streams)('%s', (_name, make, request) => {
  // @verifies WALK-11-STREAM
  it('ends when its token does, and the log says why (F-58)', async () => {
    const url = await guarded.serveHandler(make());
    const from = { records: guarded.records.length, logged: guarded.logged.length };
    const answer = await send(url, request(await shortLived()));
    expect(answer.status).toBe(200);
    const left = (): typeof guarded.records => guarded.records.slice(from.records);
    await until(() => left().length > 3, 'the stream is closed');
    expect(left().map(({ type, outcome }) => `${type} ${outcome?.status ?? ''}`)).toEqual([
      'mcp.decision ',
      'stream.opened ',
      'mcp.outcome ok',
      'stream.closed ',
    ]);
    expect(left().at(-1)?.detail).toEqual({ reason: 'expired' });
    expect(guarded.logged.slice(from.logged).filter(({ level }) => level >= 50)).toEqual([]);
  });
});

describe('a handler', () => {
  it('learns from its request and its response that its stream has ended, and writes nothing more', async () => {
    closed = [];
    const url = await guarded.serveHandler(openStream);
    await send(url, get(await shortLived()));
    await until(() => closed.length > 1, 'both are closed');
    expect(closed.toSorted()).toEqual(['request', 'response']);
  });

  it('that opens its stream only after the token has expired has it ended at once', async () => {
    let held: ServerResponse | undefined;
    const url = await guarded.serveHandler(mount((_req, res: ServerResponse) => void (held = res)));
    const before = guarded.records.length;
    const token = await shortLived();
    const answering = send(url, get(token));
    await until(() => held !== undefined, 'the handler has the request');
    await expired();
    held?.writeHead(200, sse).write('data: {"method":"late"}\n\n');
    expect((await answering).text).toBe('');
    await until(() => guarded.records.at(-1)?.type === 'stream.closed', 'the stream is closed');
    expect(guarded.records.slice(before).at(-1)?.detail).toEqual({ reason: 'expired' });
  });

  it('that writes after the end of the token, on a machine whose timers are late, is not heard (F-58)', async () => {
    let held: ServerResponse | undefined;
    const url = await guarded.serveHandler(
      mount((_req, res: ServerResponse) => {
        held = res;
        res.writeHead(200, sse).write(': open\n\n');
      }),
    );
    const token = await shortLived();
    const answering = send(url, get(token));
    await until(() => held !== undefined, 'the stream is open');
    // Timers do not fire while this runs.
    const late = Date.now() + 3_000;
    while (Date.now() < late);
    held?.write('data: {"method":"late"}\n\n');
    expect((await answering).text).toBe(': open\n\n');
    await until(() => guarded.records.at(-1)?.type === 'stream.closed', 'the stream is closed');
    expect(guarded.records.at(-1)?.detail).toEqual({ reason: 'expired' });
  });

  it('that is called with a token that expires while it runs may finish', async () => {
    let held: ServerResponse | undefined;
    const url = await guarded.serveHandler(mount((_req, res: ServerResponse) => void (held ??= res)));
    const token = await shortLived();
    const answering = send(url, modern(token, 'tools/call', { name: 'whoami', arguments: {} }));
    await until(() => held !== undefined, 'the handler has the call');
    await expired();
    held?.writeHead(200, json).end(ok);
    expect((await answering).text).toBe(ok);
  });
});
