import { connect, type Socket } from 'node:net';
import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mount } from '../../src/index.ts';
import { openGuarded, type Guarded } from '../support/guarded.ts';
import { modern, type SendOptions } from '../support/http.ts';
import { until } from '../support/until.ts';

const json = { 'content-type': 'application/json' };
const answer = '{"jsonrpc":"2.0","id":1,"result":{}}';

/** A request as it stands on the wire. */
function onTheWire({ headers = {}, body = '' }: SendOptions): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${String(value)}`);
  const length = Buffer.byteLength(String(body));
  return `POST /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\n${lines.join('\r\n')}\r\nContent-Length: ${length}\r\n\r\n${String(body)}`;
}

function open(url: string): Socket {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.on('error', () => undefined).resume();
  return socket;
}

describe('requests queued behind another on one connection', () => {
  let guarded: Guarded;
  let url: string;
  let ran = 0;
  const pending: ServerResponse[] = [];

  beforeAll(async () => {
    guarded = await openGuarded({ drainTimeoutMs: 60_000 });
    url = await guarded.serveHandler(
      mount((_req, res: ServerResponse) => {
        ran += 1;
        pending.push(res);
      }),
    );
  });
  afterAll(() => guarded.close());

  const call = async (subject: string): Promise<SendOptions> =>
    modern(await guarded.token([], subject), 'tools/call', { name: 'whoami', arguments: {} });
  const outcomesOf = (subject: string): unknown[] =>
    guarded.records.flatMap(({ actor, outcome }) => (actor?.sub === subject && outcome ? [outcome.status] : []));

  it('end as disconnected when the connection dies, those that Node never gave a socket too', async () => {
    const socket = open(url);
    for (let i = 0; i < 12; i++) socket.write(onTheWire(await call('queued')));
    await until(() => ran === 12, 'all calls run');
    socket.destroy();
    await until(() => outcomesOf('queued').length === 12, 'every call has its outcome');
    expect(outcomesOf('queued')).toEqual(Array<string>(12).fill('disconnected'));
  });

  it('leave a refusal when half of one arrived', async () => {
    const socket = open(url);
    const whole = onTheWire(await call('half'));
    const before = ran;
    socket.write(onTheWire(await call('first')));
    await until(() => ran === before + 1, 'the first call runs');
    socket.write(whole.slice(0, -20));
    await new Promise((resolve) => setTimeout(resolve, 50));
    socket.destroy();
    const reasonsOf = (): unknown[] =>
      guarded.records.flatMap(({ actor, decision }) => (actor?.sub === 'half' ? [decision?.reason] : []));
    await until(() => reasonsOf().length > 0, 'the half request is recorded');
    expect(reasonsOf()).toEqual(['body_incomplete']);
  });

  it('do not keep the suite from closing', async () => {
    const socket = open(url);
    socket.write('POST /mcp HTTP/1.1\r\nHost: evil\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n');
    socket.write('GET /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
    await until(
      () => guarded.records.some(({ decision }) => decision?.reason === 'host_refused'),
      'the first is refused',
    );
    socket.destroy();
    for (const res of pending) res.writeHead(200, json).end(answer);
    await guarded.suite.close();
    expect(guarded.records.at(-1)?.type).toBe('audit.stopped');
  });
});
