import { connect } from 'node:net';
import { setImmediate as nextTick } from 'node:timers/promises';

import { afterEach, expect, test } from 'vitest';

import { listen, type Listening } from '../../src/net/listen.ts';
import { startTokenProxy, type TokenProxy } from '../../src/net/token-proxy.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

async function start(listener: Parameters<typeof listen>[0]): Promise<{ upstream: Listening; proxy: TokenProxy }> {
  const upstream = await listen(listener);
  const proxy = await startTokenProxy();
  open.push(proxy, upstream);
  proxy.forwardTo(upstream.origin, 'a-token');
  return { upstream, proxy };
}

test('The proxy replaces the Authorization header and leaves every other header as it was sent.', async () => {
  const { proxy } = await start((req, res) => res.end(JSON.stringify(req.rawHeaders)));
  const { port } = new URL(proxy.origin);
  const socket = connect(Number(port), '127.0.0.1');
  socket.write(
    'GET /mcp HTTP/1.1\r\nHost: evil.example\r\nMCP-METHOD: a\r\nMcp-Method: b\r\nauthorization: Basic x\r\nConnection: close\r\n\r\n',
  );
  const text = Buffer.concat(await socket.toArray()).toString();
  const raw = JSON.parse(text.slice(text.indexOf('['), text.lastIndexOf(']') + 1)) as string[];
  expect(raw.slice(0, 8).join(' ')).toBe('Host evil.example MCP-METHOD a Mcp-Method b Authorization Bearer a-token');
  expect(text).not.toContain('Basic');
});

test('Bodies, statuses and answer headers pass through in both directions.', async () => {
  const { proxy } = await start((req, res) => {
    res.writeHead(418, { 'mcp-session-id': 'abc', 'www-authenticate': 'Bearer' });
    req.pipe(res);
  });
  const body = 'x'.repeat(300_000);
  const answer = await fetch(`${proxy.origin}/mcp?a=1`, { method: 'POST', body });
  expect([answer.status, answer.headers.get('mcp-session-id')]).toEqual([418, 'abc']);
  expect(await answer.text()).toBe(body);
});

test('Each event of a stream arrives when it is sent, and the headers before the first.', async () => {
  let send: (event: string) => void = () => undefined;
  const { proxy } = await start((_req, res) => {
    res.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
    send = (event) => void res.write(event);
  });
  const answer = await fetch(proxy.origin);
  const reader = answer.body?.getReader();
  for (const event of ['data: 1\n\n', 'data: 2\n\n']) {
    send(event);
    const { value } = (await reader?.read()) ?? {};
    expect(Buffer.from(value ?? []).toString()).toBe(event);
  }
  await reader?.cancel();
});

test('A client that goes away ends the request behind the proxy.', async () => {
  let gone: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => {
    gone = resolve;
  });
  const { proxy } = await start((_req, res) => {
    res.once('close', gone);
    res.writeHead(200).flushHeaders();
  });
  const abort = new AbortController();
  await fetch(proxy.origin, { signal: abort.signal });
  abort.abort();
  await ended;
  await nextTick();
});

test('Without a server behind it the proxy answers 502.', async () => {
  const proxy = await startTokenProxy();
  open.push(proxy);
  expect((await fetch(proxy.origin)).status).toBe(502);
  proxy.forwardTo('http://127.0.0.1:9', 'a-token');
  expect((await fetch(proxy.origin)).status).toBe(502);
});

test('A token never goes to another machine.', async () => {
  const proxy = await startTokenProxy();
  open.push(proxy);
  expect(() => proxy.forwardTo('http://192.0.2.1:80', 'a-token')).toThrow('would leave this machine');
});
