import { request, type ClientRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mount } from '../../src/index.ts';
import { json, ok, sse } from '../support/call-handler.ts';
import { openGuarded, type Guarded } from '../support/guarded.ts';
import { modern, type SendOptions } from '../support/http.ts';
import { until } from '../support/until.ts';

let guarded: Guarded;
beforeAll(async () => {
  guarded = await openGuarded({ config: { legacy: 'handler' } });
});
afterAll(() => guarded.close());

const requests: readonly [string, () => Promise<SendOptions>][] = [
  ['a call', async () => modern(await guarded.token([]), 'tools/call', { name: 'whoami', arguments: {} })],
  ['a GET', async () => ({ method: 'GET', headers: { authorization: `Bearer ${await guarded.token([])}` } })],
];
const ways: readonly [string, (req: IncomingMessage) => Promise<void>][] = [
  ['has not read', () => Promise.resolve()],
  [
    'has read',
    async (req) => {
      for await (const chunk of req) void chunk;
      await new Promise((resolve) => setImmediate(resolve));
    },
  ],
];

interface Exchange {
  readonly client: ClientRequest;
  readonly events: string[];
  readonly res: ServerResponse;
}

/** A request that its handler has looked at, and what the handler is told about it from then on. */
async function begin(options: SendOptions, look: (req: IncomingMessage) => Promise<void>): Promise<Exchange> {
  const events: string[] = [];
  let held: ServerResponse | undefined;
  const url = await guarded.serveHandler(
    mount(async (req: IncomingMessage, res: ServerResponse) => {
      await look(req);
      for (const name of ['aborted', 'close']) req.on(name, () => events.push(name));
      held = res;
    }),
  );
  const { method = 'POST', headers = {}, body } = options;
  const client = request(url, { method, headers });
  client.on('error', () => undefined).on('response', (answer) => answer.resume());
  client.end(body);
  await until(() => held !== undefined, 'the handler has the request');
  return { client, events, res: held as ServerResponse };
}

const rows = requests.flatMap(([what, make]) => ways.map(([how, look]) => [what, how, make, look] as const));

describe.each(rows)('a handler of %s that %s its body', (_what, _how, make, look) => {
  // @verifies WALK-11-DISCONNECTED
  it('is told by its request that the client went away before the answer', async () => {
    const { client, events } = await begin(await make(), look);
    client.destroy();
    await until(() => events.includes('close'), 'the request is closed');
    expect(events).toEqual(['aborted', 'close']);
  });

  it('is told by its request that the client went away in the middle of a stream', async () => {
    const { client, events, res } = await begin(await make(), look);
    res.writeHead(200, sse).write(': hello\n\n');
    await new Promise((resolve) => client.on('response', resolve));
    expect(events).toEqual([]);
    client.destroy();
    await until(() => events.includes('close'), 'the request is closed');
    expect(events).toEqual(['aborted', 'close']);
  });

  it('hears nothing of the kind after its answer', async () => {
    const { client, events, res } = await begin(await make(), look);
    const closed = new Promise((resolve) => res.on('close', resolve));
    res.writeHead(200, json).end(ok);
    await closed;
    for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve));
    client.destroy();
    expect(events).not.toContain('aborted');
  });
});
