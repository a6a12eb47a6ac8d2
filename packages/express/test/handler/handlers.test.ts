import { createGzip, gunzipSync } from 'node:zlib';
import { Agent } from 'node:http';
import express, { type RequestHandler } from 'express';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openGuarded, type Guarded } from '../support/guarded.ts';
import { handlers, type HandlerCase, type Ran } from '../support/handlers.ts';
import { legacy, modern, send, type Answer, type SendOptions } from '../support/http.ts';

let guarded: Guarded;
beforeAll(async () => {
  guarded = await openGuarded();
});
afterAll(() => guarded.close());

const requests = { modern, legacy };
const rows = handlers.flatMap((handler) => handler.eras.map((era) => [handler.name, era, handler] as const));

interface Row {
  readonly url: string;
  readonly ran: Ran[];
  call(token: string, method: string, params?: object): SendOptions;
}

async function open(handler: HandlerCase, era: 'modern' | 'legacy', before?: RequestHandler[]): Promise<Row> {
  const ran: Ran[] = [];
  const url = await guarded.serveHandler(handler.make(ran), before);
  return { url, ran, call: requests[era] };
}

/** The JSON-RPC message of an answer, in whichever form it came. */
function messageOf(answer: Answer): { result?: { tools?: { name: string }[]; content?: { text: string }[] } } {
  const text = answer.headers['content-type']?.startsWith('text/event-stream')
    ? (answer.text.split('\n').find((line) => line.startsWith('data: {')) ?? '').slice(6)
    : answer.text;
  return JSON.parse(text) as ReturnType<typeof messageOf>;
}

const textOf = (answer: Answer): string | undefined => messageOf(answer).result?.content?.[0]?.text;

function recordsOf(from: number): { type: string; effect: string | undefined; status: string | undefined }[] {
  return guarded.records
    .slice(from)
    .map(({ type, decision, outcome }) => ({ type, effect: decision?.effect, status: outcome?.status }));
}

const allowedAndAnswered = [
  { type: 'mcp.decision', effect: 'allow', status: undefined },
  { type: 'mcp.outcome', effect: undefined, status: 'ok' },
];

describe.each(rows)('%s, %s', (_name, era, handler) => {
  // @verifies HANDLER-PARSED-BODY, HANDLER-BYTES-REPLAYED, HANDLER-PRINCIPAL
  it('runs an allowed call once, for its caller, and records decision and outcome', async () => {
    const { url, ran, call } = await open(handler, era);
    const before = guarded.records.length;
    const params = { name: 'read-note', arguments: { text: 'héllo €😀' } };
    const answer = await send(url, call(await guarded.token(['notes:read'], 'alice'), 'tools/call', params));
    expect(answer.status).toBe(200);
    expect(textOf(answer)).toBe('read-note for alice: héllo €😀');
    expect(ran.map(({ tool, subject }) => ({ tool, subject }))).toEqual([{ tool: 'read-note', subject: 'alice' }]);
    expect(recordsOf(before)).toEqual(allowedAndAnswered);
  });

  it('runs nothing of a refused call', async () => {
    const { url, ran, call } = await open(handler, era);
    const token = await guarded.token(['notes:read']);
    const before = guarded.records.length;
    const refused = await send(url, call(token, 'tools/call', { name: 'write-note', arguments: {} }));
    const unlisted = await send(url, call(token, 'tools/call', { name: 'unlisted', arguments: {} }));
    const anonymous = await send(url, call('', 'tools/call', { name: 'whoami', arguments: {} }));
    expect([refused.status, unlisted.status, anonymous.status]).toEqual([403, 200, 400]);
    expect(ran).toEqual([]);
    expect(recordsOf(before).map(({ type, effect }) => `${type} ${effect ?? ''}`)).toEqual([
      'mcp.decision deny',
      'mcp.decision deny',
      'request.refused deny',
    ]);
  });

  it('lists only what the caller may use', async () => {
    const { url, call } = await open(handler, era);
    const seenWith = async (scopes: string[]): Promise<string[] | undefined> => {
      const answer = await send(url, call(await guarded.token(scopes), 'tools/list'));
      return messageOf(answer).result?.tools?.map(({ name }) => name);
    };
    expect(await seenWith([])).toEqual(['whoami']);
    expect(await seenWith(['notes:read'])).toEqual(['whoami', 'read-note']);
    expect(await seenWith(['notes:admin'])).toEqual(['whoami', 'purge-notes']);
  });

  // @verifies HANDLER-WITHHELD
  it('gives a tool the principal and no credential', async () => {
    const { url, ran, call } = await open(handler, era);
    const token = await guarded.token(['notes:read'], 'alice');
    const request = call(token, 'tools/call', { name: 'whoami', arguments: {} });
    const names = ['client-cert', 'x-client-cert', 'x-forwarded-client-cert', 'x-enterprise-token', 'dpop'];
    const others = Object.fromEntries(names.map((name) => [name, 'another-credential']));
    await send(url, { ...request, headers: { ...request.headers, ...others } });
    const seen = JSON.stringify(ran[0]?.context, expanded);
    expect(seen).toContain('"token":"withheld"');
    expect(seen).toContain('"subject":"alice"');
    for (const part of [token, ...token.split('.')]) expect(seen).not.toContain(part);
    expect(seen.toLowerCase()).not.toContain('bearer ');
    expect(seen).not.toContain('another-credential');
  });

  // @verifies HANDLER-EXPRESS-JSON
  it('is guarded behind express.json() too', async () => {
    const { url, ran, call } = await open(handler, era, [express.json()]);
    const token = await guarded.token(['notes:read']);
    const before = guarded.records.length;
    const refused = await send(url, call(token, 'tools/call', { name: 'write-note', arguments: {} }));
    const batch = await send(url, {
      ...call(token, 'tools/list'),
      body: `[${String(call(token, 'tools/list').body)}]`,
    });
    const good = await send(url, call(token, 'tools/call', { name: 'read-note', arguments: { text: 'x' } }));
    expect([refused.status, batch.status, good.status]).toEqual([403, 400, 200]);
    expect(textOf(good)).toBe('read-note for alice: x');
    expect(ran).toHaveLength(1);
    expect(recordsOf(before)).toHaveLength(4);
  });

  it('keeps the connection for the next call', async () => {
    const { url, call } = await open(handler, era);
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    let sockets = 0;
    agent.on('free', (socket: { reused?: boolean }) => {
      if (socket.reused !== true) sockets += 1;
      socket.reused = true;
    });
    const options = { ...call(await guarded.token(), 'tools/call', { name: 'whoami', arguments: {} }), agent };
    for (let i = 0; i < 3; i++) expect((await send(url, options)).status).toBe(200);
    agent.destroy();
    expect(sockets).toBe(1);
  });

  it('can be compressed in front of the guard', async () => {
    const { url, call } = await open(handler, era, [compressing]);
    const answer = await send(url, call(await guarded.token(), 'tools/list'));
    expect(answer.headers['content-encoding']).toBe('gzip');
    const text = gunzipSync(answer.bytes).toString();
    expect(messageOf({ ...answer, text }).result?.tools?.map(({ name }) => name)).toEqual(['whoami', 'read-note']);
  });
});

/** Shows maps and headers, which `JSON.stringify` leaves out. */
function expanded(_key: string, value: unknown): unknown {
  return value instanceof Headers || value instanceof Map ? [...value] : value;
}

/** What a compressing middleware does: it takes over `write` and `end`, and changes the head when it is written. */
const compressing: RequestHandler = (_req, res, next) => {
  const { write, end, writeHead } = res;
  const gzip = createGzip();
  gzip.on('data', (chunk: Buffer) => void write.call(res, chunk, 'utf8'));
  gzip.on('end', () => void end.call(res, undefined, 'utf8'));
  res.writeHead = ((status: number) => {
    res.removeHeader('Content-Length');
    res.setHeader('Content-Encoding', 'gzip');
    return writeHead.call(res, status);
  }) as typeof res.writeHead;
  res.write = ((chunk: Uint8Array) => gzip.write(chunk)) as typeof res.write;
  res.end = ((chunk?: Uint8Array) => {
    if (!res.headersSent) res.writeHead(res.statusCode);
    gzip.end(chunk);
    return res;
  }) as typeof res.end;
  next();
};

afterEach(() => {
  expect(guarded.logged.filter(({ level }) => level >= 50)).toEqual([]);
});

describe('behind express.json()', () => {
  it('says once that bytes can not be checked any more', () => {
    const said = guarded.logged.filter(({ msg }) => msg.includes('body parser'));
    expect(said).toHaveLength(1);
  });

  it('freezes the body in place, so that nothing changes it after the decision', async () => {
    let body: unknown;
    const look: RequestHandler = (req, _res, next) => {
      body = req.body;
      next();
    };
    const [handler] = handlers;
    const { url, call } = await open(handler as HandlerCase, 'modern', [express.json(), look]);
    await send(url, call(await guarded.token(), 'tools/call', { name: 'whoami', arguments: { text: 'x' } }));
    const { params } = body as { params: { arguments: object } };
    expect([body, params, params.arguments].map((value) => Object.isFrozen(value))).toEqual([true, true, true]);
  });
});
