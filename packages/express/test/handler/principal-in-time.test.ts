import { EventEmitter } from 'node:events';
import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { mount, principalOf, statelessHandler } from '../../src/index.ts';
import { openGuarded, type Guarded } from '../support/guarded.ts';
import { legacy, modern, send } from '../support/http.ts';
import { until } from '../support/until.ts';

/** Shared by every call, as a pool or a bus is: what waits on it wakes up in somebody else's context. */
const bus = new EventEmitter().setMaxListeners(0);

/** A tool that asks who is calling at the latest possible time, in every way in which work can go on later. */
function buildServer(): McpServer {
  const server = new McpServer({ name: 'test', version: '1' });
  server.registerTool('whoami', { inputSchema: z.object({ ms: z.number() }) }, async ({ ms }, ctx) => {
    const seen: (string | undefined)[] = [];
    const look = (): void => void seen.push(principalOf(ctx)?.subject);
    await delay(ms);
    look();
    await new Promise<void>((resolve) =>
      Readable.from(['a'])
        .on('data', look)
        .on('end', () => resolve()),
    );
    await new Promise<void>((resolve) => {
      bus.once('tick', () => {
        look();
        resolve();
      });
      setTimeout(() => bus.emit('tick'), ms);
    });
    return { content: [{ type: 'text', text: JSON.stringify(seen) }] };
  });
  return server;
}

let guarded: Guarded;
beforeAll(async () => {
  guarded = await openGuarded();
});
afterAll(() => guarded.close());

const handlers = [
  ['statelessHandler', () => statelessHandler(buildServer)],
  ['a mounted handler', () => mount(toNodeHandler(createMcpHandler(buildServer)))],
] as const;

describe.each(handlers)('behind %s', (_name, make) => {
  // @verifies HANDLER-PRINCIPAL, EDGE-NO-CROSS-TALK
  it('a tool finds its own caller after timers, streams and events of others, and so does the outcome (F-103)', async () => {
    const url = await guarded.serveHandler(make());
    const before = guarded.records.length;
    const subjects = Array.from({ length: 40 }, (_, index) => `user-${index}`);
    const answers = await Promise.all(
      subjects.map(async (subject, index) => {
        const rpc = index % 2 === 0 ? modern : legacy;
        const token = await guarded.token([], subject);
        return send(url, rpc(token, 'tools/call', { name: 'whoami', arguments: { ms: (index * 7) % 30 } }));
      }),
    );
    for (const [index, { text }] of answers.entries()) {
      const subject = subjects[index] ?? '';
      expect(text).toContain(JSON.stringify(JSON.stringify([subject, subject, subject])));
    }
    await until(() => guarded.records.length >= before + 80, 'every call has its outcome');
    const left = guarded.records.slice(before);
    const callers = new Map(left.filter(({ type }) => type === 'mcp.decision').map(({ call, actor }) => [call, actor]));
    const outcomes = left.filter(({ type }) => type === 'mcp.outcome');
    expect(outcomes).toHaveLength(40);
    for (const { call, actor } of outcomes) expect(actor).toEqual(callers.get(call));
  });
});
