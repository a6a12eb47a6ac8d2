import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { expect, onTestFinished, test } from 'vitest';

import { measureDocuments, type ServedDocument } from '../../src/documents/measure-documents.ts';
import type { DocumentOrder } from '../../src/documents/protocol.ts';
import { loadDocument } from '../../src/documents-load/load-document.ts';
import { formatDocuments } from '../../src/report/format-documents.ts';

async function serve(answer: (etag: string | undefined) => { status: number; body: string }): Promise<string> {
  const server = createServer((req, res) => {
    const { status, body } = answer(req.headers['if-none-match']);
    res.writeHead(status).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function documentAt(origin: string): ServedDocument {
  let cpu = 0;
  return { origin, path: '/mcp/server-card', etag: '"1"', bytes: 3, cpuMicros: async () => (cpu += 1_000) };
}

test('A document is asked for whole and by its validator, with one connection and with several, and every answer is looked at.', async () => {
  const right = await serve((etag) => (etag === '"1"' ? { status: 304, body: '' } : { status: 200, body: 'abc' }));
  const wrong = await serve(() => ({ status: 200, body: 'abcd' }));
  const servers = new Map([
    ['sallyport' as const, documentAt(right)],
    ['express' as const, documentAt(wrong)],
  ]);
  const load = { ask: <Answer>(order: object) => loadDocument(order as DocumentOrder) as Promise<Answer> };
  const measured = await measureDocuments(servers, load, {
    rounds: 2,
    roundMs: 20,
    connections: 3,
    say: () => undefined,
  });
  expect(measured.map((one) => [one.server, one.case, one.connections, one.rounds.length, one.void])).toEqual(
    [1, 3].flatMap((connections) => [
      ['sallyport', 'card', connections, 2, undefined],
      ['express', 'card', connections, 0, 'answered 200 with 4 bytes'],
      ['sallyport', 'unchanged', connections, 2, undefined],
      ['express', 'unchanged', connections, 0, 'answered 200 with 4 bytes'],
    ]),
  );
  const [first] = measured[0]?.rounds ?? [];
  expect(first?.p99Micros).toBeGreaterThanOrEqual(first?.p50Micros ?? NaN);
  expect(formatDocuments(measured)).toContain('answered 200 with 4 bytes');
});

test('A figure of one connection that is over its limit is marked.', () => {
  const round = { callsPerSecond: 1, serverMicrosPerCall: 1, p50Micros: 900, p99Micros: 1_500 };
  const measurement = { server: 'sallyport', connections: 1, rounds: [round] } as const;
  expect(formatDocuments([{ ...measurement, case: 'unchanged' }])).toContain('over');
  expect(formatDocuments([{ ...measurement, case: 'card' }])).not.toContain('over');
  expect(formatDocuments([{ ...measurement, case: 'unchanged', server: 'express' }])).not.toContain('over');
  expect(formatDocuments([{ ...measurement, case: 'unchanged', connections: 16 }])).not.toContain('over');
});
