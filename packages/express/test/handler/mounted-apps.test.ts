import express, { type Express, type RequestHandler } from 'express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mount } from '../../src/index.ts';
import { errorText, ok, result } from '../support/call-handler.ts';
import { openGuarded, type Guarded } from '../support/guarded.ts';
import { legacy, modern, send, type Answer, type SendOptions } from '../support/http.ts';

let guarded: Guarded;
beforeAll(async () => {
  guarded = await openGuarded({ config: { legacy: 'handler' } });
});
afterAll(() => guarded.close());

const call = async (): Promise<SendOptions> =>
  modern(await guarded.token([]), 'tools/call', { name: 'whoami', arguments: {} });

interface Answered {
  readonly answer: Answer;
  readonly records: string[];
  readonly logged: string[];
}

async function answered(handler: RequestHandler, before: RequestHandler[] = [], request = call()): Promise<Answered> {
  const url = await guarded.serveHandler(handler, before);
  const from = { records: guarded.records.length, logged: guarded.logged.length };
  const answer = await send(url, await request);
  await new Promise((resolve) => setImmediate(resolve));
  const records = guarded.records.slice(from.records).map(({ type, outcome }) => `${type} ${outcome?.status ?? ''}`);
  const errors = guarded.logged.slice(from.logged).filter(({ level }) => level >= 50);
  return { answer, records, logged: errors.map(({ error }) => String(error)) };
}

const app = (build: (app: Express) => void): Express => {
  const made = express();
  build(made);
  return made;
};

const passesAnError: RequestHandler = (_req, _res, next) => void setImmediate(() => next(new Error('secret inside')));
const throwsAtOnce: RequestHandler = () => {
  throw new Error('secret inside');
};
const failing: readonly [string, () => RequestHandler][] = [
  ['an application that throws', () => mount(app((sub) => sub.use(throwsAtOnce)))],
  ['an application that rejects', () => mount(app((sub) => sub.use(() => Promise.reject(new Error('secret inside')))))],
  ['an application that passes an error to next', () => mount(app((sub) => sub.use(passesAnError)))],
  ['a router that throws', () => mount(express.Router().use(throwsAtOnce))],
  ['a router that passes an error to next', () => mount(express.Router().post('/mcp', passesAnError))],
];

describe.each(failing)('%s', (_name, make) => {
  // @verifies WALK-11-ONE-OUTCOME, REFUSAL-NO-INSIDE
  it('is answered with 500, and says nothing of what happened', async () => {
    const { answer, records, logged } = await answered(make());
    expect({ status: answer.status, text: answer.text }).toEqual({ status: 500, text: errorText });
    expect(records).toEqual(['mcp.decision ', 'mcp.outcome error']);
    expect(logged).toEqual(['Error: secret inside']);
  });
});

describe('a mounted application', () => {
  it.each([
    ['no route', () => mount(app((sub) => sub.get('/elsewhere', (_req, res) => void res.end(ok))))],
    ['no route in a router', () => mount(express.Router().get('/elsewhere', (_req, res) => void res.end(ok)))],
    ['a route that passes on', () => mount(app((sub) => sub.use((_req, _res, next) => next('router'))))],
  ] as [string, () => RequestHandler][])('with %s for a call is answered with 500', async (_name, make) => {
    const { answer, records, logged } = await answered(make());
    expect({ status: answer.status, text: answer.text }).toEqual({ status: 500, text: errorText });
    expect(records).toEqual(['mcp.decision ', 'mcp.outcome error']);
    expect(logged).toEqual([expect.stringMatching(/^Error: the mounted application did not answer/)]);
  });

  it('may answer its own errors, and its lists are filtered too', async () => {
    const sub = app((made) => made.use(throwsAtOnce));
    sub.use(((_error, _req, res, _next) => {
      res.status(200).json(JSON.parse(result({ tools: [{ name: 'whoami' }, { name: 'purge-notes' }] })));
    }) as express.ErrorRequestHandler);
    const { answer, records } = await answered(mount(sub));
    expect(answer.text).toBe(result({ tools: [{ name: 'whoami' }] }));
    expect(records).toEqual(['mcp.decision ', 'mcp.outcome ok']);
  });

  it('that passes an error on after its answer changes nothing', async () => {
    const sub = app((made) =>
      made.use((_req, res, next) => {
        res.status(200).type('json').end(ok);
        next(new Error('too late'));
      }),
    );
    const { answer, records } = await answered(mount(sub));
    expect({ status: answer.status, text: answer.text }).toEqual({ status: 200, text: ok });
    expect(records).toEqual(['mcp.decision ', 'mcp.outcome ok']);
  });
});

const echo = app((sub) => {
  sub.use(express.json());
  sub.all(
    '/mcp',
    (req, res) =>
      void res.json({
        jsonrpc: '2.0',
        id: 1,
        result: { body: req.body as unknown, head: req.headers, raw: req.rawHeaders, distinct: req.headersDistinct },
      }),
  );
});
interface Echoed {
  readonly body: unknown;
  readonly head: Record<string, string>;
  readonly raw: string[];
  readonly distinct: Record<string, string[]>;
}
const echoed = ({ text }: Answer): Echoed => (JSON.parse(text) as { result: Echoed }).result;

describe.each([
  ['first', []],
  ['behind express.json()', [express.json()]],
] as [string, RequestHandler[]][])(
  'a mounted application with a body parser of its own, its guard %s',
  (_name, before) => {
    // @verifies HANDLER-EXPRESS-JSON
    it.each([
      ['as it is usually written', (body: string) => body],
      ['with a space more', (body: string) => body.replace('{', '{ ')],
      ['with an escaped letter', (body: string) => body.replace('whoami', String.raw`who\u0061mi`)],
    ] as const)('reads a body %s', async (_how, write) => {
      const { headers, body } = await call();
      const request = { headers: headers ?? {}, body: write(String(body)) };
      const { answer } = await answered(mount(echo), before, Promise.resolve(request));
      expect(answer.status).toBe(200);
      expect(echoed(answer).body).toEqual(JSON.parse(String(body)));
    });

    it('reads a body that came in chunks', async () => {
      const { headers, body } = await call();
      const request = { headers: { ...headers, 'transfer-encoding': 'chunked' }, body: `${String(body)} ` };
      const { answer } = await answered(mount(echo), before, Promise.resolve(request));
      expect(echoed(answer).body).toEqual(JSON.parse(String(body)));
    });
  },
);

describe('a body that a parser in front of the guard has read', () => {
  it('is replayed with its own length in every list of headers, and the request keeps what it was sent with', async () => {
    const { headers, body } = await call();
    let sent: unknown;
    const keep: RequestHandler = (req, _res, next) => {
      sent = req.headers;
      next();
    };
    const request = { headers: { ...headers, 'transfer-encoding': 'chunked' }, body: ` ${String(body)}` };
    const { answer } = await answered(mount(echo), [express.json(), keep], Promise.resolve(request));
    const { head, raw, distinct } = echoed(answer);
    const length = String(Buffer.byteLength(String(body)));
    expect(head).toMatchObject({ 'content-length': length, 'content-type': 'application/json' });
    expect(distinct).toMatchObject({ 'content-length': [length], 'content-type': ['application/json'] });
    expect(raw.join('\n').toLowerCase()).toContain(`content-length\n${length}`);
    for (const list of [head, distinct]) expect(list).not.toHaveProperty('transfer-encoding');
    expect(raw.join('\n').toLowerCase()).not.toContain('transfer-encoding');
    expect(sent).toHaveProperty('transfer-encoding', 'chunked');
  });

  it('of a GET is not replayed, and has no length', async () => {
    const { headers } = legacy(await guarded.token([]), 'ping');
    const request = { method: 'GET', headers: { ...headers, 'content-length': '2' }, body: '{}' };
    const { answer } = await answered(mount(echo), [], Promise.resolve(request));
    expect(echoed(answer).head).not.toHaveProperty('content-length');
    expect(echoed(answer).raw.map((name) => name.toLowerCase())).not.toContain('content-length');
  });
});
