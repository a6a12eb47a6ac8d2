import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { onTestFinished } from 'vitest';
import { ExportLogsServiceRequest, ExportLogsServiceResponse } from './otlp-schema.ts';

/** A log record as a receiver sees it. */
export interface ReceivedRecord {
  readonly timeUnixNano: string;
  readonly severityNumber: number;
  readonly severityText: string;
  readonly eventName: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly resource: Readonly<Record<string, unknown>>;
  readonly scope: { readonly name?: string; readonly version?: string };
}

export interface Received {
  readonly request: IncomingMessage;
  readonly records: readonly ReceivedRecord[];
  /** As it came over the wire. */
  readonly raw: Buffer;
  /** Counted from 1. */
  readonly number: number;
}

/** What to answer; `undefined` is a full success. `keep: false`: the records are not taken. */
export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly keep?: boolean;
  /** Take the records, then cut the connection. */
  readonly reset?: boolean;
  readonly delayMs?: number;
}

export type Behave = (received: Received) => Answer | undefined;

/** A real OTLP/HTTP receiver that does what a test wants. Protobuf is decoded by the classes of the official schema. */
export class Collector {
  readonly requests: Received[] = [];
  /** Every record that was taken, in the order of arrival; one that came twice is here twice. */
  readonly taken: ReceivedRecord[] = [];
  behave: Behave;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #port = 0;

  private constructor(behave: Behave) {
    this.behave = behave;
    this.#server = createServer((request, response) => void this.#serve(request, response));
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
  }

  static async start(behave: Behave = () => undefined): Promise<Collector> {
    const collector = new Collector(behave);
    await collector.listen();
    onTestFinished(() => collector.stop());
    return collector;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${this.#port}/v1/logs`;
  }

  /** Sequence numbers that were taken, each once, in order. */
  get seqs(): number[] {
    return [...new Set(this.taken.map(({ attributes }) => Number(attributes['audit.seq'])))].toSorted((a, b) => a - b);
  }

  get ids(): Set<string> {
    return new Set(this.taken.map(({ attributes }) => String(attributes['audit.id'])));
  }

  /** Comes up, or comes back at the same port. */
  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    } catch {
      return;
    }
    const raw = Buffer.concat(chunks);
    const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw;
    const isJson = request.headers['content-type'] === 'application/json';
    const records = readRecords(isJson ? (JSON.parse(body.toString('utf8')) as object) : decode(body));
    const received = { request, records, raw, number: this.requests.length + 1 };
    this.requests.push(received);
    const answer = this.behave(received) ?? {};
    const status = answer.status ?? 200;
    if (answer.keep ?? (status === 200 && answer.body === undefined)) this.taken.push(...records);
    if (answer.delayMs !== undefined) await new Promise((resolve) => setTimeout(resolve, answer.delayMs));
    if (answer.reset === true) {
      request.socket.resetAndDestroy();
      return;
    }
    const type = isJson ? 'application/json' : 'application/x-protobuf';
    response.writeHead(status, { 'content-type': type, ...answer.headers });
    response.end(answer.body ?? (isJson ? '{}' : ''));
  }
}

/** An answer that takes all but some records, in either format. */
export function partialSuccess(rejected: number, json: boolean): Pick<Answer, 'body'> {
  if (json)
    return { body: JSON.stringify({ partialSuccess: { rejectedLogRecords: String(rejected), errorMessage: 'no' } }) };
  const message = { partialSuccess: { rejectedLogRecords: rejected, errorMessage: 'no' } };
  return { body: ExportLogsServiceResponse.encode(message).finish() };
}

function decode(bytes: Buffer): object {
  return ExportLogsServiceRequest.toObject(ExportLogsServiceRequest.decode(bytes), { longs: String, bytes: String });
}

type Json = Record<string, unknown>;

function readRecords(request: object): ReceivedRecord[] {
  const records: ReceivedRecord[] = [];
  for (const { resource, scopeLogs } of listOf(request, 'resourceLogs')) {
    for (const { scope, logRecords } of scopeLogs as Json[]) {
      for (const record of logRecords as Json[]) {
        records.push({
          ...record,
          traceId: idOf(record['traceId'], 16),
          spanId: idOf(record['spanId'], 8),
          body: (record['body'] as { stringValue: string }).stringValue,
          attributes: plain(record['attributes']),
          resource: plain((resource as Json)['attributes']),
          scope,
        } as unknown as ReceivedRecord);
      }
    }
  }
  return records;
}

function listOf(value: object, name: string): Json[] {
  return (value as Record<string, Json[]>)[name] ?? [];
}

/** Hexadecimal in JSON; Base64 is what the decoder makes of bytes. */
function idOf(value: unknown, bytes: number): string {
  if (typeof value !== 'string' || value === '') return '';
  return value.length === bytes * 2 ? value : Buffer.from(value, 'base64').toString('hex');
}

function plain(attributes: unknown): Record<string, unknown> {
  const list = attributes as { key: string; value: Record<string, unknown> }[];
  return Object.fromEntries(list.map(({ key, value }) => [key, plainValue(value)]));
}

function plainValue(value: Record<string, unknown>): unknown {
  const [kind, inner] = Object.entries(value)[0] ?? [];
  if (kind === 'intValue') return Number(inner);
  if (kind !== 'arrayValue') return inner;
  return ((inner as { values?: Record<string, unknown>[] }).values ?? []).map(plainValue);
}
