import type { ServerResponse } from 'node:http';
import type { ObserverEvent, Observer } from '@sallyport/core';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { noopObserver, Refusal, createMemoryAuditLog } from '@sallyport/core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { mount } from '../../src/index.ts';
import { openGuarded, type Guarded } from '../support/guarded.ts';
import { legacy, modern, send, type Answer, type SendOptions } from '../support/http.ts';
import { until } from '../support/until.ts';

let guarded: Guarded;
let url: string;
let token: string;
let ran: string[] = [];
let durable: number[] = [];
const events: ObserverEvent[] = [];
const observer: Observer = { ...noopObserver, emit: (event) => void events.push(event) };

function buildServer(): McpServer {
  const server = new McpServer({ name: 'test', version: '1' });
  for (const name of ['whoami', 'read-note', 'write-note', 'purge-notes', 'unlisted']) {
    server.registerTool(name, { inputSchema: z.object({}) }, () => {
      ran.push(name);
      durable.push(guarded.records.length);
      return { content: [{ type: 'text', text: name }] };
    });
  }
  return server;
}

beforeAll(async () => {
  guarded = await openGuarded({ config: { enforcement: 'observe', legacy: 'handler' }, observer });
  url = await guarded.serveHandler(mount(toNodeHandler(createMcpHandler(buildServer))));
  token = await guarded.token([]);
});
afterAll(() => guarded.close());
beforeEach(() => {
  ran = [];
  durable = [];
  events.length = 0;
});

const call = (name: string): SendOptions => modern(token, 'tools/call', { name, arguments: {} });

/** The records one request leaves, when it has left as many as that. */
async function recordsOf(request: SendOptions, count: number): Promise<{ answer: Answer; left: Guarded['records'] }> {
  const before = guarded.records.length;
  const answer = await send(url, request);
  await until(() => guarded.records.length - before >= count, `there are ${count} records`);
  return { answer, left: guarded.records.slice(before) };
}

describe('a call that only the policy denies', () => {
  it.each([
    ['without its scope', 'write-note', 'insufficient_scope', 'tools.write-note'],
    ['of a hidden tool', 'purge-notes', 'insufficient_scope', 'tools.purge-notes'],
    ['of a tool that is not in the card', 'unlisted', 'tool_not_in_card', 'default'],
  ])(
    '%s runs once; its denial is recorded before it runs, and its outcome after',
    async (_name, tool, reason, rule) => {
      const before = guarded.records.length;
      const { answer, left } = await recordsOf(call(tool), 2);
      expect(answer.status).toBe(200);
      expect(JSON.parse(answer.text)).toMatchObject({ result: { content: [{ text: tool }] } });
      expect(ran).toEqual([tool]);
      expect(durable).toEqual([before + 1]);
      expect(left[0]).toMatchObject({
        type: 'mcp.decision',
        actor: { sub: 'alice' },
        decision: { effect: 'deny', enforced: false, reason, rule },
      });
      expect(left[0]?.decision).not.toHaveProperty('httpStatus');
      expect(left[1]).toMatchObject({ type: 'mcp.outcome', call: left[0]?.call, outcome: { status: 'ok' } });
    },
  );

  it('names the scopes that are missing', async () => {
    const { left } = await recordsOf(call('write-note'), 2);
    expect(left[0]?.decision).toMatchObject({ requiredScopes: ['notes:write'], missingScopes: ['notes:write'] });
  });

  it('is told apart from an allowed one by an event, and every event says that nothing is enforced', async () => {
    await send(url, call('write-note'));
    await send(url, call('whoami'));
    expect(events.filter(({ type }) => type === 'access.decided')).toEqual([
      { type: 'access.decided', effect: 'deny', reason: 'insufficient_scope', enforced: false },
      { type: 'access.decided', effect: 'allow', enforced: false },
    ]);
  });

  it.each([
    ['a resource without its scope', modern, 'resources/read', { uri: 'note:///1' }, -32_601, 'insufficient_scope'],
    ['an unknown prompt', modern, 'prompts/get', { name: 'nope' }, -32_601, 'prompt_not_in_card'],
    ['an unknown tool', modern, 'tools/call', { name: 'nope' }, -32_602, 'tool_not_in_card'],
    ['an unknown method', legacy, 'admin/x', {}, -32_601, 'unknown_method'],
  ])('is answered by the server: %s', async (_name, make, method, params, code, reason) => {
    const { answer, left } = await recordsOf(make(token, method, params), 2);
    expect(answer.text).toContain(`"code":${code}`);
    expect(answer.text).not.toContain('ERR_');
    expect(left[0]?.decision).toMatchObject({ effect: 'deny', enforced: false, reason });
    expect(left[1]?.type).toBe('mcp.outcome');
  });
});

describe('observe mode never lets pass', () => {
  const notification = JSON.stringify({ jsonrpc: '2.0', method: 'tools/call', params: { name: 'write-note' } });
  it.each<[string, () => SendOptions, number]>([
    ['a request without a token', () => modern('', 'tools/list'), 400],
    ['a bad token', () => modern('x.y.z', 'tools/list'), 401],
    ['another host', () => ({ ...call('whoami'), headers: { ...call('whoami').headers, host: 'evil.example' } }), 403],
    ['a batch', () => ({ ...call('whoami'), body: '[]' }), 400],
    [
      'headers that differ from the body',
      () => ({ ...call('whoami'), headers: { ...call('write-note').headers } }),
      400,
    ],
    ['a call sent as a notification', () => ({ ...legacy(token, 'ping'), body: notification }), 403],
    ['a posted response', () => ({ ...legacy(token, 'ping'), body: '{"jsonrpc":"2.0","id":1,"result":{}}' }), 400],
    ['a task of nobody', () => modern(token, 'tasks/get', { taskId: 'x' }, { headers: { 'mcp-name': 'x' } }), 200],
    [
      'a session of nobody',
      () => legacy(token, 'tools/list', {}, { headers: { 'mcp-session-id': 'not-a-session' } }),
      404,
    ],
  ])('%s', async (_name, request, status) => {
    const { answer, left } = await recordsOf(request(), 1);
    expect({ status: answer.status, text: answer.text }).toMatchObject({ status });
    expect(answer.text).toContain('ERR_');
    expect(ran).toEqual([]);
    expect(left).toHaveLength(1);
    expect(left[0]?.decision).toMatchObject({ effect: 'deny' });
    expect(left[0]?.decision).not.toHaveProperty('enforced');
  });

  it('what can not be recorded', async () => {
    const memory = createMemoryAuditLog();
    let broken = false;
    const audit = {
      ...memory,
      append: (entry: Parameters<typeof memory.append>[0]) =>
        broken ? Promise.reject(new Refusal('audit_unavailable')) : memory.append(entry),
    };
    const strict = await openGuarded({ config: { enforcement: 'observe' }, audit });
    let calls = 0;
    const at = await strict.serveHandler(
      mount((_req, res: ServerResponse) => {
        calls += 1;
        res.end();
      }),
    );
    const bare = await strict.token([]);
    broken = true;
    const answer = await send(at, modern(bare, 'tools/call', { name: 'write-note', arguments: {} }));
    expect(answer.status).toBe(503);
    expect(calls).toBe(0);
    broken = false;
    await strict.close();
  });
});

describe('lists in observe mode', () => {
  it('are as the server gives them, and the outcome says how much of them enforcing would hide', async () => {
    const { answer, left } = await recordsOf(modern(token, 'tools/list'), 2);
    const { tools } = (JSON.parse(answer.text) as { result: { tools: { name: string }[] } }).result;
    expect(tools.map(({ name }) => name)).toEqual(['whoami', 'read-note', 'write-note', 'purge-notes', 'unlisted']);
    expect(left[1]).toMatchObject({ type: 'mcp.outcome', detail: { wouldHide: { tool: 4 } } });
  });
});

describe('a suite in observe mode', () => {
  it('says so at every start, in its records and in its readiness', async () => {
    const warnings = guarded.logged.filter(({ level, msg }) => level === 40 && msg.includes('observe'));
    expect(warnings).toHaveLength(1);
    expect(warnings[0]?.msg).toContain('recorded and RUN');
    expect(guarded.records.find(({ type }) => type === 'config.loaded')?.detail).toMatchObject({
      enforcement: 'observe',
    });
    expect(guarded.suite.readiness()).toMatchObject({ enforcement: 'observe' });
    const origin = await guarded.serve((app, suite) => app.use(suite.health));
    const answer = await send(origin.replace('/mcp', '/readyz'), { method: 'GET' });
    expect(JSON.parse(answer.text)).toMatchObject({ enforcement: 'observe' });
  });
});
