import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, McpServer, type ServerContext } from '@modelcontextprotocol/server';
import type { RequestHandler } from 'express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mount, statelessHandler } from '../../src/index.ts';
import { openGuarded, type Guarded } from '../support/guarded.ts';
import { legacy, modern } from '../support/http.ts';
import { until } from '../support/until.ts';

let guarded: Guarded;
beforeAll(async () => {
  guarded = await openGuarded();
});
afterAll(() => guarded.close());

/** A tool that waits for its signal, after reporting progress when it shall stream. */
function buildServer(streams: boolean, seen: { signal?: AbortSignal }): McpServer {
  const server = new McpServer({ name: 'test', version: '1' });
  server.registerTool('whoami', {}, async (ctx: ServerContext) => {
    const { signal, _meta, id } = ctx.mcpReq;
    if (streams) {
      const progressToken = _meta?.progressToken ?? id;
      await ctx.mcpReq.notify({ method: 'notifications/progress', params: { progressToken, progress: 1 } });
    }
    seen.signal = signal;
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    return { content: [] };
  });
  return server;
}

const makes: readonly [string, (build: () => McpServer) => RequestHandler][] = [
  ['statelessHandler', (build) => statelessHandler(build)],
  ['toNodeHandler(createMcpHandler(…))', (build) => mount(toNodeHandler(createMcpHandler(build)))],
];
const rows = makes.flatMap(([name, make]) =>
  [modern, legacy].flatMap((request) =>
    [false, true].map((streams) => [name, request.name, streams, make, request] as const),
  ),
);

describe.each(rows)('%s, %s, streaming: %s', (_name, _era, streams, make, request) => {
  // @verifies WALK-11-DISCONNECTED
  it('tells the tool to stop when the client goes away, and the outcome is disconnected', async () => {
    const seen: { signal?: AbortSignal } = {};
    const url = await guarded.serveHandler(make(() => buildServer(streams, seen)));
    const before = guarded.records.length;
    const leave = new AbortController();
    const params = { name: 'whoami', arguments: {}, _meta: { progressToken: 'p' } };
    const { headers, body } = request(await guarded.token([]), 'tools/call', params, { meta: { progressToken: 'p' } });
    const init = {
      method: 'POST',
      headers: headers as Record<string, string>,
      body: String(body),
      signal: leave.signal,
    };
    const calling = fetch(url, init);
    await until(() => seen.signal !== undefined, 'the tool runs');
    expect(seen.signal?.aborted).toBe(false);
    if (streams) {
      const answer = await calling;
      const { value } = (await answer.body?.getReader().read()) ?? {};
      expect(Buffer.from(value ?? []).toString()).toContain('notifications/progress');
    }
    leave.abort();
    await calling.catch(() => undefined);
    await until(() => seen.signal?.aborted === true, 'the tool is told to stop');
    const left = (): string[] =>
      guarded.records.slice(before).map(({ type, outcome }) => `${type} ${outcome?.status ?? ''}`);
    await until(() => left().length > 1, 'there is an outcome');
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(left()).toEqual(['mcp.decision ', 'mcp.outcome disconnected']);
  });
});
