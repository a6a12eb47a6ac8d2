import type { RequestListener } from 'node:http';
import { describe, expect, it } from 'vitest';
import { callTool, type ToolAnswer } from '../../src/try/call-tool.ts';
import { closedOrigin, localServer } from '../support/local-server.ts';

async function call(origin: string, timeoutMs = 10_000): Promise<ToolAnswer> {
  const endpoint = new URL(`${origin}/mcp`);
  return callTool({ endpoint, tool: 'read-note', args: {}, token: 'a.b.c', timeoutMs, version: '1.0.0' });
}

/** A server that answers every request in one way. */
const always =
  (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): RequestListener =>
  (req, res) => {
    req.resume();
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    res
      .writeHead(status, { 'content-type': typeof body === 'string' ? 'text/html' : 'application/json', ...headers })
      .end(text);
  };

describe('callTool', () => {
  it('reads code and scopes of a refusal, whatever its status', async () => {
    const body = {
      jsonrpc: '2.0',
      error: { code: 403, message: 'no', data: { code: 'ERR_ACCESS_INSUFFICIENT_SCOPE' } },
    };
    const challenge = 'Bearer error="insufficient_scope", scope="a:b c", resource_metadata="http://127.0.0.1/x"';
    expect(await call(await localServer(always(403, body, { 'www-authenticate': challenge })))).toEqual({
      kind: 'refused',
      status: 403,
      code: 'ERR_ACCESS_INSUFFICIENT_SCOPE',
      message: 'no',
      scopes: ['a:b', 'c'],
      retryAfter: undefined,
    });
    const busy = {
      jsonrpc: '2.0',
      error: { code: -32_603, message: 'later', data: { code: 'ERR_AUDIT_UNAVAILABLE' } },
    };
    expect(await call(await localServer(always(503, busy, { 'retry-after': '7' })))).toMatchObject({
      kind: 'refused',
      status: 503,
      code: 'ERR_AUDIT_UNAVAILABLE',
      retryAfter: '7',
    });
  });

  it.each([401, 403])('takes a %i of any server as a refusal', async (status) => {
    expect(await call(await localServer(always(status, '<h1>no</h1>')))).toMatchObject({
      kind: 'refused',
      status,
      code: undefined,
    });
  });

  it('does not take any text for a code', async () => {
    const body = { error: { code: 403, message: 'no', data: { code: 'ERR_ACCESS_\u001B[2J' } } };
    expect(await call(await localServer(always(403, body)))).toMatchObject({ kind: 'refused', code: undefined });
  });

  it.each([
    ['a page', 200, '<h1>Welcome</h1>'],
    ['an error page', 502, '<h1>Bad gateway</h1>'],
    ['nothing', 404, ''],
    ['JSON that is no JSON-RPC', 200, { hello: 'world' }],
    ['more than anybody reads', 500, 'x'.repeat(100_000)],
  ])('says of %s that it is no answer of an MCP server', async (_name, status, body) => {
    await expect(call(await localServer(always(status, body)), 1000)).rejects.toMatchObject({
      name: 'SetupError',
      code: 'ERR_CLI_ANSWER',
    });
  });

  it('keeps an error of the server that is no refusal apart', async () => {
    const body = { jsonrpc: '2.0', id: 1, error: { code: -32_602, message: 'bad id' } };
    expect(await call(await localServer(always(400, body)))).toEqual({
      kind: 'rejected',
      rpcCode: -32_602,
      message: 'bad id',
    });
  });

  it('says which address can not be reached and why', async () => {
    const origin = await closedOrigin();
    await expect(call(origin)).rejects.toMatchObject({
      code: 'ERR_CLI_UNREACHABLE',
      problem: `${origin} can not be reached: nothing listens there`,
    });
  });

  it('says when a connection is cut', async () => {
    await expect(call(await localServer((req) => void req.socket.destroy()))).rejects.toMatchObject({
      code: 'ERR_CLI_UNREACHABLE',
      problem: expect.stringContaining('the connection was cut') as string,
    });
  });

  it('gives up after the time it was given', async () => {
    await expect(call(await localServer((req) => void req.resume()), 50)).rejects.toMatchObject({
      code: 'ERR_CLI_UNREACHABLE',
      problem: expect.stringContaining('no answer in 0.05 s') as string,
    });
  });

  it('sends its token to no other origin, also when it is redirected there', async () => {
    const seen: (string | undefined)[] = [];
    const other = await localServer((req, res) => {
      seen.push(req.headers.authorization);
      res.writeHead(404).end();
    });
    const origin = await localServer((_req, res) => void res.writeHead(307, { location: `${other}/mcp` }).end());
    await expect(call(origin)).rejects.toMatchObject({ name: 'SetupError' });
    expect(seen).toEqual([]);
  });
});
