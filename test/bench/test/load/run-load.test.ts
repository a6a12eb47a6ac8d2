import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterEach, expect, test } from 'vitest';

import type { LoadOrder } from '../../src/load/protocol.ts';
import { runLoad } from '../../src/load/run-load.ts';
import { createNodeHttpRow } from '../../src/rows/node-http.ts';
import { createSigningKey } from '../../src/tokens/signing-key.ts';

const { privatePem } = createSigningKey();
let server: Server | undefined;
afterEach(() => server?.close().closeAllConnections());

async function load(listener: RequestListener, order: Partial<LoadOrder>): ReturnType<typeof runLoad> {
  server = createServer(listener);
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const defaults = {
    scenario: 'call',
    connections: 2,
    listed: 0,
    durationMs: 10_000,
    maxCalls: 50,
    issuer: 'http://issuer',
  } as const;
  return runLoad({ ...defaults, origin, privatePem, ...order });
}

test('A load ends after its number of calls, each answered and checked.', async () => {
  const result = await load(createNodeHttpRow().listener, {});
  expect(result).toMatchObject({ calls: 50 });
  expect(result.wrong).toBeUndefined();
});

test('The first wrong answer ends the load and is reported.', async () => {
  const { listener } = createNodeHttpRow();
  let answered = 0;
  const result = await load((req, res) => {
    answered += 1;
    if (answered < 10) listener(req, res);
    else req.resume().once('end', () => res.writeHead(500).end('broken'));
  }, {});
  expect(result.wrong).toContain('expected 200, seen 500');
  expect(result.calls).toBeLessThan(50);
});

test('A connection that breaks is a wrong answer, too.', async () => {
  const result = await load((req) => void req.socket.destroy(), { connections: 1 });
  expect(result.wrong).toBeTypeOf('string');
});

test('Distinct tokens are distinct; a repeated token is always the same.', async () => {
  const { listener } = createNodeHttpRow();
  for (const [scenario, distinct] of [
    ['call-distinct', 20],
    ['call', 1],
  ] as const) {
    const seen = new Set<string | undefined>();
    await load(
      (req, res) => {
        seen.add(req.headers.authorization);
        listener(req, res);
      },
      { scenario, maxCalls: 20 },
    );
    expect(seen.size).toBe(distinct);
  }
});
