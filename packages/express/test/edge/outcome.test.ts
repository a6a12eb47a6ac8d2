import type { ServerResponse } from 'node:http';
import { createMemoryAuditLog, Refusal, type AuditEntry, type AuditLog, type MemoryAuditLog } from '@sallyport/core';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { mount } from '../../src/index.ts';
import { openGuarded, type Guarded } from '../support/guarded.ts';
import { modern, send } from '../support/http.ts';
import { until } from '../support/until.ts';

/** A log whose appends wait for the test, and fail when it says so. */
interface SlowLog extends AuditLog {
  readonly memory: MemoryAuditLog;
  readonly waiting: { entry: AuditEntry; durable(): void; lost(): void }[];
  /** Which entries wait. The others are durable at once. */
  holds: (entry: AuditEntry) => boolean;
}

function createSlowLog(): SlowLog {
  const memory = createMemoryAuditLog();
  const log: SlowLog = {
    memory,
    waiting: [],
    holds: () => false,
    append(entry) {
      if (!log.holds(entry)) return memory.append(entry);
      return new Promise((resolve, reject) => {
        log.waiting.push({
          entry,
          durable: () => void memory.append(entry).then(resolve, reject),
          lost: () => reject(new Refusal('audit_unavailable', { retryAfterSeconds: 1 })),
        });
      });
    },
    status: () => memory.status(),
    close: () => memory.close(),
  };
  return log;
}

const audit = createSlowLog();
let guarded: Guarded;
beforeAll(async () => {
  guarded = await openGuarded({ audit });
  return () => guarded.close();
});
afterEach(() => {
  audit.holds = () => false;
  audit.waiting.length = 0;
});

const json = { 'content-type': 'application/json' };
const sse = { 'content-type': 'text/event-stream' };
const ok = JSON.stringify({ jsonrpc: '2.0', id: 1, result: { content: [] } });
const isDecision = ({ type }: AuditEntry): boolean => type === 'mcp.decision';
const isOutcome = ({ type }: AuditEntry): boolean => type === 'mcp.outcome';

let ran = 0;
async function start(handler: (res: ServerResponse) => unknown): Promise<Response> {
  ran = 0;
  const url = await guarded.serveHandler(
    mount((_req, res: ServerResponse) => {
      ran += 1;
      return handler(res);
    }),
  );
  const { headers, body } = modern(await guarded.token([]), 'tools/call', { name: 'whoami', arguments: {} });
  return fetch(url, { method: 'POST', headers: headers as Record<string, string>, body: String(body) });
}

async function held(): Promise<SlowLog['waiting'][number]> {
  await until(() => audit.waiting.length > 0, 'an append waits');
  return audit.waiting.shift() as SlowLog['waiting'][number];
}

const turns = async (): Promise<void> => {
  for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve));
};

describe('a decision that is not durable yet', () => {
  it('lets nothing run', async () => {
    audit.holds = isDecision;
    const answering = start((res) => res.writeHead(200, json).end(ok));
    const waiting = await held();
    await turns();
    expect(ran).toBe(0);
    waiting.durable();
    expect((await answering).status).toBe(200);
    expect(ran).toBe(1);
  });

  it('lets nothing run when it is lost, and the caller is told to come back', async () => {
    audit.holds = isDecision;
    const answering = start((res) => res.writeHead(200, json).end(ok));
    (await held()).lost();
    const answer = await answering;
    expect({ status: answer.status, after: answer.headers.get('retry-after'), ran }).toEqual({
      status: 503,
      after: '1',
      ran: 0,
    });
    expect(await answer.json()).toMatchObject({
      id: 1,
      error: { code: -32_603, data: { code: 'ERR_AUDIT_UNAVAILABLE' } },
    });
  });

  it('lets nothing run for a client that has left, and the outcome is disconnected', async () => {
    audit.holds = isDecision;
    const url = await guarded.serveHandler(mount(() => void (ran += 1)));
    ran = 0;
    const leave = new AbortController();
    const { headers, body } = modern(await guarded.token([]), 'tools/call', { name: 'whoami', arguments: {} });
    const init = {
      method: 'POST',
      headers: headers as Record<string, string>,
      body: String(body),
      signal: leave.signal,
    };
    const calling = fetch(url, init).catch(() => undefined);
    const waiting = await held();
    const before = audit.memory.records.length;
    leave.abort();
    await calling;
    await turns();
    waiting.durable();
    await until(() => audit.memory.records.length >= before + 2, 'decision and outcome are recorded');
    expect(audit.memory.records.slice(before).map(({ type, outcome }) => `${type} ${outcome?.status ?? ''}`)).toEqual([
      'mcp.decision ',
      'mcp.outcome disconnected',
    ]);
    expect(ran).toBe(0);
  });
});

const kinds: readonly [string, (res: ServerResponse) => unknown, string][] = [
  ['an answer', (res) => res.writeHead(200, json).end(ok), ok],
  [
    'an answer of a handler that throws after it',
    (res) => {
      res.writeHead(200, json).end(ok);
      throw new Error('too late');
    },
    ok,
  ],
  ['the last message of a stream', (res) => res.writeHead(200, sse).end(`data: ${ok}\n\n`), `data: ${ok}\n\n`],
];

describe.each(kinds)('%s', (_name, handler, text) => {
  it('is withheld until its outcome is durable', async () => {
    audit.holds = isOutcome;
    let answered = false;
    const answering = start(handler).then(async (answer) => {
      const body = await answer.text();
      answered = true;
      return { status: answer.status, body };
    });
    const waiting = await held();
    await turns();
    expect(answered).toBe(false);
    waiting.durable();
    expect(await answering).toEqual({ status: 200, body: text });
    await turns();
    expect(audit.waiting).toEqual([]);
  });
});

describe('when the outcome is lost', () => {
  it('the result is withheld, and nothing invites to call again', async () => {
    audit.holds = isOutcome;
    const answering = start((res) => res.writeHead(200, json).end(ok));
    (await held()).lost();
    const answer = await answering;
    expect({ status: answer.status, after: answer.headers.get('retry-after') }).toEqual({ status: 503, after: null });
    const { error } = (await answer.json()) as { error: { message: string } };
    expect(error).toMatchObject({ code: -32_603, data: { code: 'ERR_AUDIT_UNAVAILABLE' } });
    expect(error.message).toContain('The call ran');
    await turns();
    expect(audit.waiting).toEqual([]);
  });

  it('the last message of a stream is replaced by an error', async () => {
    audit.holds = isOutcome;
    const note = 'data: {"method":"n"}\n\n';
    const answering = start((res) => res.writeHead(200, sse).end(`${note}data: ${ok}\n\n${note}`));
    (await held()).lost();
    const text = await (await answering).text();
    expect(text.startsWith(note)).toBe(true);
    expect(JSON.parse(text.slice(note.length + 6))).toMatchObject({
      id: 1,
      error: { code: -32_603, data: { code: 'ERR_AUDIT_UNAVAILABLE' } },
    });
    await turns();
    expect(audit.waiting).toEqual([]);
  });
});

// @verifies WALK-11-STREAM
it('the messages of a stream before the last one do not wait', async () => {
  audit.holds = isOutcome;
  const answer = await start((res) => {
    res.writeHead(200, sse).write('data: {"method":"first"}\n\n');
    res.end(`data: ${ok}\n\n`);
  });
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  expect((await reader?.read())?.value).toBe('data: {"method":"first"}\n\n');
  (await held()).durable();
  expect((await reader?.read())?.value).toBe(`data: ${ok}\n\n`);
});

it('a refusal does not wait for its record', async () => {
  audit.holds = ({ type }) => type === 'mcp.decision' || type === 'auth.failure';
  const url = await guarded.serveHandler(mount(() => undefined));
  const refused = await send(url, modern(await guarded.token([]), 'tools/call', { name: 'write-note', arguments: {} }));
  expect(refused.status).toBe(403);
  expect(audit.waiting.map(({ entry }) => entry.decision?.reason)).toEqual(['insufficient_scope']);
});
