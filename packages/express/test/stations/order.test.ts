import type { RequestHandler } from 'express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  authenticate,
  authorize,
  commit,
  headers,
  limit,
  match,
  mount,
  network,
  readCall,
  record,
  route,
  type Sallyport,
} from '../../src/index.ts';
import { openGuarded, type Guarded, type LogLine } from '../support/guarded.ts';
import { handlers, type Ran } from '../support/handlers.ts';
import { legacy, modern, send, type Answer, type SendOptions } from '../support/http.ts';

let guarded: Guarded;
beforeAll(async () => {
  guarded = await openGuarded();
});
afterAll(() => guarded.close());

const stations = { record, network, route, headers, authenticate, limit, readCall, match, authorize, commit };
const names = Object.keys(stations) as (keyof typeof stations)[];

/** The stations of a list, for a suite. */
function walk(suite: Sallyport, list: readonly (keyof typeof stations)[]): RequestHandler[] {
  return list.map((name) => stations[name](suite));
}

interface Sent {
  readonly answer: Answer;
  readonly ran: Ran[];
  readonly errors: LogLine[];
  readonly records: string[];
}

/** One good call through middlewares that are not the whole walk. */
async function sendThrough(middlewares: (handler: RequestHandler) => RequestHandler[]): Promise<Sent> {
  const ran: Ran[] = [];
  const [stateless] = handlers;
  const handler = stateless?.make(ran) as RequestHandler;
  const url = await guarded.serve((app) => {
    app.all('/mcp', ...middlewares(handler), (_req, res) => void res.status(299).end());
  });
  const from = { log: guarded.logged.length, records: guarded.records.length };
  const answer = await send(url, modern(await guarded.token([]), 'tools/call', { name: 'whoami', arguments: {} }));
  await new Promise((resolve) => setImmediate(resolve));
  return {
    answer,
    ran,
    errors: guarded.logged.slice(from.log).filter(({ level }) => level >= 50),
    records: guarded.records.slice(from.records).map(({ type, decision, outcome }) => {
      const what = decision === undefined ? outcome?.status : (decision.reason ?? decision.effect);
      return `${type} ${what ?? ''}`;
    }),
  };
}

function expectNotSetUp({ answer, ran }: Sent): void {
  expect(answer.status).toBe(500);
  expect(ran).toEqual([]);
  expect(answer.headers).toMatchObject({ 'content-type': 'application/json', 'cache-control': 'no-store' });
  const { error } = JSON.parse(answer.text) as { error: { code: number; data: { code: string; doc: string } } };
  expect(error).toMatchObject({
    code: -32_603,
    message: 'The server is not set up correctly. Its log says why.',
    data: {
      code: 'ERR_SERVER_GUARD_MISSING',
      doc: 'https://sallyport.dev/errors/ERR_SERVER_GUARD_MISSING',
    },
  });
}

describe.each(names)('without %s', (missing) => {
  // @verifies HANDLER-MISSING-STATION
  it('a call is answered with 500, runs nothing, leaves its one record, and the log names what is missing', async () => {
    const left = names.filter((name) => name !== missing);
    const sent = await sendThrough((handler) => [...walk(guarded.suite, left), handler]);
    expectNotSetUp(sent);
    expect(sent.errors).toHaveLength(1);
    expect(sent.errors[0]?.['missing']).toBe(missing);
    expect(sent.records).toEqual(missing === 'record' ? [] : ['request.refused guard_missing']);
  });
});

describe('two neighbours in the wrong order', () => {
  it.each(names.slice(1, -1).map((name, index) => [name, names[index + 2]] as const))(
    '%s after %s: 500, and nothing runs',
    async (first, second) => {
      const list = names.map((name) => (name === first ? second : name === second ? first : name));
      const sent = await sendThrough((handler) => [...walk(guarded.suite, list as typeof names), handler]);
      expectNotSetUp(sent);
      expect(sent.errors[0]?.['missing']).toBe(first);
      expect(sent.records).toEqual(['request.refused guard_missing']);
    },
  );
});

describe.each(names)('with %s twice', (twice) => {
  it('a call is answered with 500 and runs nothing, unless it is record, which then does nothing', async () => {
    const list = names.flatMap((name) => (name === twice ? [name, name] : [name]));
    const sent = await sendThrough((handler) => [...walk(guarded.suite, list), handler]);
    if (twice === 'record') {
      expect(sent.answer.status).toBe(200);
      return;
    }
    expect(sent.answer.status).toBe(500);
    expect(sent.ran).toEqual([]);
    expect(sent.errors[0]?.['station']).toBe(twice);
    expect(sent.errors[0]?.msg).toContain('twice');
    const decided = ['mcp.decision allow', 'mcp.outcome error'];
    expect(sent.records).toEqual(twice === 'commit' ? decided : ['request.refused guard_missing']);
  });
});

describe('a handler', () => {
  const unguarded: readonly [string, (handler: RequestHandler) => RequestHandler[]][] = [
    ['without any guard', (handler) => [handler]],
    ['after protect of nothing but record', (handler) => [...walk(guarded.suite, ['record']), handler]],
    ['without commit', (handler) => [...walk(guarded.suite, names.slice(0, -1)), handler]],
    ['in front of the guard', (handler) => [handler, guarded.suite.protect]],
  ];
  for (const [name, middlewares] of unguarded) {
    // @verifies HANDLER-COMMIT-MARK
    it(`${name} answers 500 and runs nothing (F-95)`, async () => {
      const sent = await sendThrough(middlewares);
      expectNotSetUp(sent);
      expect(sent.records.filter((one) => one !== 'request.refused guard_missing')).toEqual([]);
    });
  }

  // @verifies HANDLER-COMMIT-MARK
  it('runs only once for one commit, mounted or not', async () => {
    const passOn = mount((_req, res: { statusCode: number }) => void (res.statusCode = 200));
    const both: RequestHandler = (req, res, next) => {
      void passOn(req, res, next);
      next();
    };
    const sent = await sendThrough((handler) => [guarded.suite.protect, both, handler]);
    expect(sent.answer.status).toBe(500);
    expect(sent.ran).toEqual([]);
    expect(sent.records).toEqual(['mcp.decision allow', 'mcp.outcome error']);
  });

  it('of one request is not marked by the commit of another', async () => {
    const [stateless] = handlers;
    const ran: Ran[] = [];
    const handler = stateless?.make(ran) as RequestHandler;
    const url = await guarded.serve((app, suite) => {
      app.post('/mcp', (req, res, next) =>
        req.get('x-unguarded') === undefined ? suite.protect(req, res, next) : next(),
      );
      app.post('/mcp', handler);
    });
    const call = modern(await guarded.token([]), 'tools/call', { name: 'whoami', arguments: {} });
    const unguardedCall = { ...call, headers: { ...call.headers, 'x-unguarded': '1' } };
    const answers = await Promise.all([send(url, call), send(url, unguardedCall), send(url, call)]);
    expect(answers.map(({ status }) => status)).toEqual([200, 500, 200]);
    expect(ran).toHaveLength(2);
  });

  it('of another suite does not count', async () => {
    const other = await openGuarded();
    const sent = await sendThrough((handler) => [record(other.suite), network(guarded.suite), handler]);
    await other.close();
    expectNotSetUp(sent);
  });
});

describe('the walk, station by station', () => {
  const requests: readonly [string, (token: string) => SendOptions][] = [
    ['an allowed call', (token) => modern(token, 'tools/call', { name: 'whoami', arguments: {} })],
    ['an allowed call of a 2025-era client', (token) => legacy(token, 'tools/call', { name: 'whoami', arguments: {} })],
    ['a list', (token) => modern(token, 'tools/list')],
    ['a call without its scope', (token) => modern(token, 'tools/call', { name: 'write-note', arguments: {} })],
    ['a call of something unknown', (token) => modern(token, 'tools/call', { name: 'nope', arguments: {} })],
    ['a hidden resource', (token) => modern(token, 'resources/read', { uri: 'file:///x' })],
    ['no token', () => modern('', 'tools/list')],
    ['another host', (token) => ({ ...modern(token, 'tools/list'), headers: { host: 'evil.example' } })],
    ['GET', (token) => ({ method: 'GET', headers: { authorization: `Bearer ${token}` } })],
    ['PUT', (token) => ({ method: 'PUT', headers: { authorization: `Bearer ${token}` } })],
    ['a batch', (token) => ({ ...modern(token, 'tools/list'), body: '[]' })],
    ['text', (token) => ({ headers: { authorization: `Bearer ${token}`, 'content-type': 'text/plain' }, body: 'x' })],
    ['headers that lie', (token) => modern(token, 'tools/list', {}, { headers: { 'mcp-method': 'ping' } })],
  ];

  it.each(requests)('answers and records %s like protect', async (_name, request) => {
    const token = await guarded.token([]);
    const through = async (guard: RequestHandler[]): Promise<unknown> => {
      const ran: Ran[] = [];
      const handler = handlers[0]?.make(ran) as RequestHandler;
      const url = await guarded.serve((app) => void app.all('/mcp', ...guard, handler));
      const from = guarded.records.length;
      const { status, headers: sent, text } = await send(url, request(token));
      const records = guarded.records.slice(from).map(({ type, decision, outcome, mcp, target }) => {
        return { type, decision, outcome: outcome?.status, mcp, target };
      });
      return { status, headers: { ...sent, date: undefined }, text, records, ran: ran.length };
    };
    const whole = await through([guarded.suite.protect]);
    expect(await through(walk(guarded.suite, names))).toEqual(whole);
  });
});
