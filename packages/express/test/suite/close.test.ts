import { request as httpRequest, type ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { mount } from '../../src/index.ts';
import { openGuarded, type Guarded } from '../support/guarded.ts';
import { modern, send, type SendOptions } from '../support/http.ts';
import { until } from '../support/until.ts';

const json = { 'content-type': 'application/json' };
const sse = { 'content-type': 'text/event-stream' };
const ok = '{"jsonrpc":"2.0","id":1,"result":{}}';

const outcomes = ({ records }: Guarded): unknown[] =>
  records.flatMap(({ type, outcome }) => (type === 'mcp.outcome' ? [outcome?.status] : []));
const last = ({ records }: Guarded): string | undefined => records.at(-1)?.type;

async function call(guarded: Guarded): Promise<SendOptions> {
  return modern(await guarded.token([]), 'tools/call', { name: 'whoami', arguments: {} });
}

describe('close', () => {
  it('waits for a running call, refuses new ones, and ends the log after the outcome', async () => {
    const guarded = await openGuarded();
    let finish: (() => void) | undefined;
    const url = await guarded.serveHandler(
      mount((_req, res: ServerResponse) => void (finish = () => res.writeHead(200, json).end(ok))),
    );
    const request = await call(guarded);
    const running = send(url, request);
    await until(() => finish !== undefined, 'the call runs');

    const closing = guarded.suite.close();
    expect(guarded.suite.readiness()).toMatchObject({ ready: false, checks: { closing: true } });
    const refused = await send(url, request);
    expect(refused.status).toBe(503);
    expect(refused.headers['retry-after']).toBe('1');
    expect(JSON.parse(refused.text)).toMatchObject({ error: { data: { code: 'ERR_SERVER_CLOSING' } } });

    finish?.();
    expect((await running).text).toBe(ok);
    await closing;
    expect(outcomes(guarded)).toEqual(['ok']);
    expect(guarded.records.filter(({ decision }) => decision?.reason === 'closing')).toHaveLength(1);
    expect(last(guarded)).toBe('audit.stopped');
    await guarded.close();
  });

  it('lets a call end whose body was still coming', async () => {
    const guarded = await openGuarded();
    const url = await guarded.serveHandler(mount((_req, res: ServerResponse) => res.writeHead(200, json).end(ok)));
    const { headers = {}, body } = await call(guarded);
    const half = String(body).slice(0, 20);
    const length = String(Buffer.byteLength(String(body)));
    const req = httpRequest(url, { method: 'POST', headers: { ...headers, 'content-length': length } });
    const answered = new Promise<number | undefined>((resolve, reject) => {
      req.on('response', (res) => resolve(res.resume().statusCode)).on('error', reject);
    });
    req.write(half);
    const probe = await call(guarded);
    expect((await send(url, probe)).status).toBe(200);

    const closing = guarded.suite.close();
    req.end(String(body).slice(20));
    expect(await answered).toBe(200);
    await closing;
    expect(outcomes(guarded)).toEqual(['ok', 'ok']);
    expect(last(guarded)).toBe('audit.stopped');
    await guarded.close();
  });

  it('records the refusal of a request that was still on its way', async () => {
    const guarded = await openGuarded();
    const url = await guarded.serveHandler(mount((_req, res: ServerResponse) => res.writeHead(200, json).end(ok)));
    const { headers = {} } = await call(guarded);
    const req = httpRequest(url, { method: 'POST', headers: { ...headers, 'content-length': '2' } });
    const answered = new Promise<number | undefined>((resolve, reject) => {
      req.on('response', (res) => resolve(res.resume().statusCode)).on('error', reject);
    });
    req.flushHeaders();
    expect((await send(url, await call(guarded))).status).toBe(200);
    const closing = guarded.suite.close();
    req.end('{}');
    expect(await answered).toBe(400);
    await closing;
    expect(guarded.records.map(({ decision }) => decision?.reason)).toContain('malformed_rpc');
    await guarded.close();
  });

  it('ends an open GET stream at once, and what its handler still writes is lost', async () => {
    const guarded = await openGuarded({ config: { legacy: 'handler' } });
    let open: ServerResponse | undefined;
    const url = await guarded.serveHandler(
      mount((_req, res: ServerResponse) => {
        open = res;
        res.writeHead(200, sse).flushHeaders();
      }),
    );
    const stream = send(url, { method: 'GET', headers: { authorization: `Bearer ${await guarded.token([])}` } });
    await until(() => open !== undefined, 'the stream is open');
    const closing = guarded.suite.close();
    open?.write('data: {"method":"late"}\n\n');
    open?.end('data: {"method":"later"}\n\n');
    await closing;
    open?.write('data: {"method":"latest"}\n\n');
    expect((await stream).text).toBe('');
    expect(guarded.records.slice(-4).map(({ type }) => type)).toEqual([
      'stream.opened',
      'mcp.outcome',
      'stream.closed',
      'audit.stopped',
    ]);
    expect(outcomes(guarded)).toEqual(['ok']);
    await guarded.close();
  });

  it('cuts off after its time what does not end', async () => {
    const guarded = await openGuarded({ drainTimeoutMs: 1 });
    let running = 0;
    const never = await guarded.serveHandler(mount(() => void (running += 1)));
    const streaming = await guarded.serveHandler(
      mount((_req, res: ServerResponse) => {
        res.writeHead(200, sse).flushHeaders();
        running += 1;
      }),
    );
    const request = await call(guarded);
    const answers = [never, streaming].map((url) =>
      send(url, request).then(
        ({ status }) => status,
        () => 'cut off',
      ),
    );
    await until(() => running === 2, 'both run');
    await guarded.suite.close();
    expect(await Promise.all(answers)).toEqual(['cut off', 'cut off']);
    expect(outcomes(guarded)).toEqual(['disconnected', 'disconnected']);
    expect(last(guarded)).toBe('audit.stopped');
    await guarded.close();
  });

  it('may be called twice', async () => {
    const guarded = await openGuarded();
    await Promise.all([guarded.suite.close(), guarded.suite.close()]);
    expect(guarded.records.filter(({ type }) => type === 'audit.stopped')).toHaveLength(1);
    await guarded.close();
  });
});
