import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createSyslogSink, type SyslogSinkOptions } from '../../../src/export/syslog/syslog-sink.ts';
import type { ExportBatch, ExportSink } from '../../../src/index.ts';
import { certificate } from '../../support/certificate.ts';
import { auditRecord, closedStory } from '../../support/story.ts';

const never = new AbortController().signal;
const batch: ExportBatch = {
  stream: 'pod-a',
  records: closedStory.map((fields, seq) => {
    const record = auditRecord({ seq, ...fields });
    return { seq, line: Buffer.from(JSON.stringify(record)), record } as unknown as ExportBatch['records'][number];
  }),
};

interface Receiver {
  readonly port: number;
  readonly server: Server;
  /** Bytes of each connection. */
  readonly heard: Buffer[];
  connections: number;
}

/** A receiver that does with its connections what a test wants; by default it reads all and ends when the sender does. */
async function startReceiver(
  behave: (socket: Socket, receiver: Receiver) => void = () => undefined,
  tls?: { readonly cert: string; readonly key: string },
): Promise<Receiver> {
  const accept = (socket: Socket): void => {
    const index = receiver.connections++;
    receiver.heard[index] = Buffer.alloc(0);
    socket.on('error', () => undefined);
    socket.on(
      'data',
      (chunk: Buffer) => (receiver.heard[index] = Buffer.concat([receiver.heard[index] ?? chunk, chunk])),
    );
    onTestFinished(() => void socket.destroy());
    behave(socket, receiver);
  };
  const server = tls === undefined ? createServer(accept) : createTlsServer(tls, accept);
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const receiver: Receiver = { port: (server.address() as AddressInfo).port, server, heard: [], connections: 0 };
  onTestFinished(() => void server.close());
  return receiver;
}

function sinkFor({ port }: Receiver, options: Partial<SyslogSinkOptions> = {}): ExportSink {
  const sink = createSyslogSink({ host: '127.0.0.1', port, transport: 'tcp', timeoutMs: 5000, ...options });
  onTestFinished(() => sink.close?.());
  return sink;
}

/** Takes octet-counted frames apart (RFC 6587 §3.4.1). */
function framesOf(bytes: Buffer): string[] {
  const frames: string[] = [];
  for (let at = 0; at < bytes.length;) {
    const space = bytes.indexOf(0x20, at);
    const length = Number(bytes.subarray(at, space).toString('ascii'));
    frames.push(bytes.subarray(space + 1, space + 1 + length).toString('utf8'));
    at = space + 1 + length;
  }
  return frames;
}

describe('a message', () => {
  test('is RFC 5424 in an octet-counted frame, the same bytes whenever it is sent', async () => {
    const receiver = await startReceiver();
    const sink = sinkFor(receiver);
    for (let count = 0; count < 2; count++) expect(await sink.send(batch, never)).toEqual({ kind: 'accepted' });
    const [first = Buffer.alloc(0), second] = receiver.heard.filter(({ length }) => length > 0);
    expect(second?.equals(first)).toBe(true);
    const frames = framesOf(first);
    expect(frames).toHaveLength(batch.records.length);
    for (const [index, frame] of frames.entries()) {
      const { record, line } = batch.records[index] as (typeof batch.records)[number];
      const data = `[sallyport@32473 id="${record.id}" stream="pod-a" seq="${index}"${record.call === undefined ? '' : ` call="${record.call}"`}]`;
      expect(frame).toMatch(/^<\d{1,3}>1 2026-11-20T21:00:\d\d\.000Z [!-~]+ sallyport b0070000-[0-9a-f-]+ [a-z._]+ \[/);
      expect(frame.endsWith(` ${record.type} ${data} ${line.toString('utf8')}`)).toBe(true);
    }
    // Facility 13, "log audit"; severity 6 for what went well, 4 for refusals.
    expect(frames.map((frame) => frame.slice(0, frame.indexOf('>') + 1)).slice(0, 5)).toEqual([
      '<110>',
      '<110>',
      '<110>',
      '<108>',
      '<108>',
    ]);
  });

  test('can not be broken by what a record was changed into', async () => {
    const receiver = await startReceiver();
    const evil = 'a"b]c\\d\n<13>1 - - - - - - forged';
    const record = auditRecord({ seq: 0, id: evil, call: evil, type: evil, at: evil, boot: evil });
    const line = Buffer.from(JSON.stringify(record));
    const odd = { ...batch, records: [{ seq: 0, line, record }] } as unknown as ExportBatch;
    await sinkFor(receiver, { facility: 10 }).send(odd, never);
    const [frame = ''] = framesOf(receiver.heard[0] ?? Buffer.alloc(0));
    const safe = 'a\\"b\\]c\\\\d_<13>1 - - - - - - forged';
    expect(frame).toContain(`[sallyport@32473 id="${safe}" stream="pod-a" seq="0" call="${safe}"] {`);
    expect(frame).toMatch(/^<86>1 - [!-~]+ sallyport [!-~]{1,128} [!-~]{1,32} \[/);
    expect(frame.split('\n')).toHaveLength(1);
  });
});

describe('a batch has arrived', () => {
  test('when the receiver ended the connection after the last byte and answers others, before and after', async () => {
    const receiver = await startReceiver();
    const sink = sinkFor(receiver);
    for (let count = 0; count < 3; count++) expect(await sink.send(batch, never)).toEqual({ kind: 'accepted' });
    expect(receiver.connections).toBe(9);
    expect(receiver.heard.map(({ length }) => length > 0)).toEqual([1, 0, 0, 1, 0, 0, 1, 0, 0].map(Boolean));
  });

  test('not when nobody answers a new connection: the process may have died with what it had read', async () => {
    const receiver = await startReceiver((_socket, { server }) => void server.close());
    expect(await sinkFor(receiver).send(batch, never)).toMatchObject({ kind: 'retry', problem: 'ECONNREFUSED' });
  });

  test('not when the receiver ends first', async () => {
    const receiver = await startReceiver((socket) => void socket.end());
    const large = { ...batch, records: Array.from({ length: 4000 }, () => batch.records[1] as never) };
    expect(await sinkFor(receiver).send(large, never)).toMatchObject({ kind: 'retry' });
  });

  test('not when the connection is reset', async () => {
    const receiver = await startReceiver((socket) => socket.once('data', () => socket.resetAndDestroy()));
    expect(await sinkFor(receiver).send(batch, never)).toMatchObject({ kind: 'retry', cut: true });
  });

  test('not when the receiver keeps the connection: that is for confirm "sent"', async () => {
    const keep = (socket: Socket): void => {
      socket.allowHalfOpen = true;
    };
    const receiver = await startReceiver(keep);
    expect(await sinkFor(receiver, { timeoutMs: 200 }).send(batch, never)).toEqual({
      kind: 'retry',
      problem: 'not taken within 200 ms',
    });
    const before = receiver.connections;
    const sink = sinkFor(receiver, { confirm: 'sent' });
    for (let count = 0; count < 3; count++) expect(await sink.send(batch, never)).toEqual({ kind: 'accepted' });
    expect(receiver.connections).toBe(before + 1);
  });

  test('not when nobody listens, and not after the end of the export', async () => {
    const receiver = await startReceiver();
    const sink = sinkFor(receiver);
    const stop = new AbortController();
    stop.abort();
    expect(await sink.send(batch, stop.signal)).toMatchObject({ kind: 'retry', problem: 'the export is ending' });
    await new Promise<void>((resolve) => receiver.server.close(() => resolve()));
    expect(await sink.send(batch, never)).toMatchObject({ kind: 'retry', problem: 'ECONNREFUSED' });
  });
});

describe('TLS', () => {
  const { cert, key } = certificate;

  test('is only spoken with a receiver whose certificate is trusted and made for its host', async () => {
    const receiver = await startReceiver(undefined, { cert, key });
    const send = (options: Partial<SyslogSinkOptions>): Promise<unknown> =>
      sinkFor(receiver, { transport: 'tls', ...options }).send(batch, never);
    expect(await send({})).toMatchObject({ kind: 'retry', problem: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
    // The certificate is for 127.0.0.1, and "localhost" leads there too.
    expect(await send({ host: 'localhost', tls: { ca: cert } })).toMatchObject({
      kind: 'retry',
      problem: 'ERR_TLS_CERT_ALTNAME_INVALID',
    });
    expect(Buffer.concat(receiver.heard)).toHaveLength(0);
    expect(await send({ tls: { ca: cert } })).toEqual({ kind: 'accepted' });
    expect(framesOf(receiver.heard.find((bytes) => bytes.length > 0) ?? Buffer.alloc(0))).toHaveLength(10);
  });

  test('never falls back to plain TCP', async () => {
    const receiver = await startReceiver();
    expect(await sinkFor(receiver, { transport: 'tls', timeoutMs: 300 }).send(batch, never)).toMatchObject({
      kind: 'retry',
    });
    expect(Buffer.concat(receiver.heard).includes('sallyport')).toBe(false);
  });
});

test('what can not be set up stops the start', () => {
  const make = (options: Partial<SyslogSinkOptions>): unknown =>
    createSyslogSink({ host: 'siem.example.com', port: 6514, transport: 'tls', ...options });
  for (const facility of [-1, 24, 1.5]) expect(() => make({ facility })).toThrow('syslog has no facility');
  expect(() => make({ tls: { cert: 'x', key: 'y' } })).toThrow('certificates or key can not be used');
});
