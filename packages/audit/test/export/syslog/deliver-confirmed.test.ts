import { randomInt } from 'node:crypto';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { createSyslogSink } from '../../../src/export/syslog/syslog-sink.ts';
import type { ExportBatch, ExportSink } from '../../../src/index.ts';
import { auditRecord } from '../../support/story.ts';

const never = new AbortController().signal;

function batchOf(seq: number): ExportBatch {
  const record = auditRecord({ seq });
  const records = [{ seq, line: Buffer.from(JSON.stringify(record)), record }] as unknown as ExportBatch['records'];
  return { stream: 'pod-a', records };
}

interface Receiver {
  readonly sink: ExportSink;
  readonly sockets: Socket[];
  /** What was read on each connection. */
  readonly read: string[];
}

/** A receiver that reads a connection when `behave` says so, and leaves it in the kernel otherwise. */
async function startReceiver(behave: (socket: Socket, index: number) => boolean = () => true): Promise<Receiver> {
  const sockets: Socket[] = [];
  const read: string[] = [];
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (socket) => {
    const index = sockets.push(socket) - 1;
    read[index] = '';
    socket.on('error', () => undefined);
    socket.on('end', () => socket.end());
    socket.on('data', (chunk: Buffer) => (read[index] += chunk.toString('utf8')));
    if (behave(socket, index)) socket.resume();
    else socket.pause();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const sink = createSyslogSink({ host: '127.0.0.1', port, transport: 'tcp', timeoutMs: 2000 });
  onTestFinished(() => {
    void sink.close?.();
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { sink, sockets, read };
}

const holds = (read: readonly string[], seq: number): boolean =>
  read.some((text) => text.includes(` seq="${seq}" `) || text.includes(` seq="${seq}"]`));

test('a batch is never sent on a connection that was idle, which the receiver may have closed already', async () => {
  const { sink, sockets, read } = await startReceiver();
  for (let seq = 0; seq < 20; seq += 2) {
    expect(await sink.send(batchOf(seq), never)).toEqual({ kind: 'accepted' });
    await turn();
    // It times out whatever is idle: ends it, and reads no more.
    for (const socket of sockets) socket.pause().end();
    expect(await sink.send(batchOf(seq + 1), never)).toEqual({ kind: 'accepted' });
    expect([holds(read, seq), holds(read, seq + 1)]).toEqual([true, true]);
  }
});

test('a receiver that ends the connection without reading has not taken the batch, although it answers others', async () => {
  const { sink, sockets, read } = await startReceiver((socket, index) => {
    if (index % 3 === 0) socket.end();
    return index % 3 !== 0;
  });
  for (let seq = 0; seq < 20; seq++) {
    // The first connection of the next attempt is one of those again.
    while (sockets.length % 3 !== 0) sockets.push(sockets[0] as Socket);
    expect(await sink.send(batchOf(seq), never)).toMatchObject({ kind: 'retry' });
    expect(holds(read, seq)).toBe(false);
  }
});

test('a process that dies with what it has read has not taken the batch, although another answers in its place', async () => {
  let dying = true;
  const { sink, sockets, read } = await startReceiver((socket) => {
    // The kernel ends all connections of a process that is gone.
    socket.on('end', () => {
      if (dying) for (const one of sockets) one.destroy();
    });
    return true;
  });
  expect(await sink.send(batchOf(0), never)).toEqual({
    kind: 'retry',
    problem: 'the receiver closed the connection before it had everything',
  });
  dying = false;
  expect(await sink.send(batchOf(0), never)).toEqual({ kind: 'accepted' });
  expect(holds(read, 0)).toBe(true);
});

test('whatever a receiver closes whenever, it has read every batch that counts as arrived', async () => {
  const { sink, sockets, read } = await startReceiver((socket) => {
    const act = randomInt(6);
    if (act === 0) socket.destroy();
    if (act === 1) socket.end();
    if (act === 2 || act === 3) setTimeout(() => socket.destroy(), randomInt(3));
    return act !== 1 && act !== 2;
  });
  const closing = setInterval(() => {
    if (randomInt(8) === 0) for (const socket of sockets) socket.destroy();
  }, 1);
  onTestFinished(() => clearInterval(closing));
  let accepted = 0;
  for (let attempt = 0; attempt < 400; attempt++) {
    const { kind } = await sink.send(batchOf(attempt), never);
    if (kind !== 'accepted') continue;
    accepted += 1;
    expect(holds(read, attempt), `batch ${attempt}`).toBe(true);
  }
  expect(accepted).toBeGreaterThan(0);
});
