import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the collector answers; `undefined`: it takes the records. */
export interface CollectorFault {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** An OTLP/HTTP receiver for JSON. */
export interface OtlpCollector {
  readonly endpoint: string;
  /** Everything that came over the wire, taken or not: request line, headers and bodies. */
  heard(): string;
  /** The ids of the records that were taken, in order of arrival. */
  ids(): string[];
  /** The bodies of the records that were taken: lines of the log. */
  lines(): string[];
  /** From now on requests are answered like this. */
  fail(fault: CollectorFault | undefined): void;
  requests(): number;
  /** Nobody listens any more. */
  stop(): Promise<void>;
  /** Listens again at the same address. */
  listen(): Promise<void>;
}

interface OtlpRecord {
  readonly body: { readonly stringValue: string };
  readonly attributes: readonly { readonly key: string; readonly value: { readonly stringValue?: string } }[];
}

interface OtlpRequest {
  readonly resourceLogs: readonly { readonly scopeLogs: readonly { readonly logRecords: readonly OtlpRecord[] }[] }[];
}

export async function startCollector(): Promise<OtlpCollector> {
  const heard: string[] = [];
  const taken: OtlpRecord[] = [];
  let fault: CollectorFault | undefined;
  let requests = 0;
  let port = 0;

  const serve = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of req as AsyncIterable<Buffer>) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString('utf8');
    requests += 1;
    heard.push(`${req.method} ${req.url}`, JSON.stringify(req.headersDistinct), text);
    if (fault === undefined) {
      const { resourceLogs } = JSON.parse(text) as OtlpRequest;
      taken.push(...resourceLogs.flatMap(({ scopeLogs }) => scopeLogs.flatMap(({ logRecords }) => logRecords)));
    }
    res.writeHead(fault?.status ?? 200, { 'content-type': 'application/json', ...fault?.headers });
    res.end(fault?.body ?? '{}');
  };
  let server: Server;
  const listen = async (): Promise<void> => {
    server = createServer((req, res) => void serve(req, res).catch(() => res.destroy()));
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    port = (server.address() as AddressInfo).port;
  };
  await listen();
  return {
    endpoint: `http://127.0.0.1:${port}/v1/logs`,
    heard: () => heard.join('\n'),
    ids: () => taken.map(idOf),
    lines: () => taken.map(({ body }) => body.stringValue),
    fail: (next) => void (fault = next),
    requests: () => requests,
    listen,
    async stop() {
      if (!server.listening) return;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

function idOf({ attributes }: OtlpRecord): string {
  return attributes.find(({ key }) => key === 'audit.id')?.value.stringValue ?? '';
}
