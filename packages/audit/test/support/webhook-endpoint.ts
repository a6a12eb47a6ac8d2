import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { ExportBatch } from '../../src/index.ts';
import { auditRecord } from './story.ts';

export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** An endpoint that answers what a test wants. */
export async function startEndpoint(
  answer: (count: number) => Answer = () => ({ status: 204 }),
  tls?: { readonly cert: string; readonly key: string; readonly ca?: string; readonly requestCert?: boolean },
): Promise<{ readonly endpoint: string; readonly received: Received[] }> {
  const received: Received[] = [];
  const serve: Parameters<typeof createServer>[1] = (req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      received.push({ headers: req.headers, body: Buffer.concat(chunks).toString('utf8') });
      const { status, headers = {}, body = '' } = answer(received.length);
      res.writeHead(status, headers).end(body);
    });
  };
  const server: Server =
    tls === undefined ? createServer(serve) : createHttpsServer({ ...tls, rejectUnauthorized: true }, serve);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const scheme = tls === undefined ? 'http' : 'https';
  return { endpoint: `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}/audit`, received };
}

/** Records of a stream, from number 0. */
export function batchOf(records: readonly object[], stream = 'pod-a'): ExportBatch {
  return {
    stream,
    records: records.map((fields, seq) => {
      const record = auditRecord({ seq, stream, ...fields });
      return { seq, line: Buffer.from(JSON.stringify(record)), record } as unknown as ExportBatch['records'][number];
    }),
  };
}
