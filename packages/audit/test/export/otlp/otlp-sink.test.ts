import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { AuditRecord } from '@sallyport/core';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createOtlpSink, type ExportBatch, type OtlpSinkOptions, type SendResult } from '../../../src/index.ts';
import { certificate } from '../../support/certificate.ts';
import { Collector } from '../../support/collector.ts';

const { key, cert } = certificate;
const record = { v: 1, id: 'i', type: 'audit.started', at: '2026-11-20T21:00:00.000Z', seq: 0, stream: 'pod-a' };
const batch: ExportBatch = {
  stream: 'pod-a',
  records: [{ seq: 0, record: record as unknown as AuditRecord, line: Buffer.from(JSON.stringify(record)) }],
};

async function send(options: OtlpSinkOptions): Promise<SendResult> {
  const sink = await createOtlpSink(options);
  onTestFinished(() => sink.close?.());
  return sink.send(batch, new AbortController().signal);
}

/** A receiver behind TLS that asks for a client certificate. */
async function secureCollector(): Promise<{ endpoint: string; clients: (string | undefined)[] }> {
  const clients: (string | undefined)[] = [];
  const server: Server = createServer(
    { key, cert, ca: cert, requestCert: true, rejectUnauthorized: false },
    (request, response) => {
      const socket = request.socket as TLSSocket;
      clients.push(socket.authorized ? String(socket.getPeerCertificate().subject.CN) : undefined);
      request.resume().on('end', () => response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end());
    },
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { endpoint: `https://127.0.0.1:${(server.address() as AddressInfo).port}/v1/logs`, clients };
}

describe('the OTLP sink', () => {
  test('sends its headers, says what it sends, and compresses unless it is told not to', async () => {
    const collector = await Collector.start();
    const headers = { authorization: 'Bearer x', 'x-scope': 'audit' };
    for (const format of ['json', 'protobuf'] as const)
      for (const compression of ['gzip', 'none'] as const)
        expect(await send({ endpoint: collector.endpoint, headers, format, compression })).toEqual({
          kind: 'accepted',
        });
    expect(collector.requests.map(({ request }) => request.headers)).toMatchObject([
      { ...headers, 'content-type': 'application/json', 'content-encoding': 'gzip' },
      { ...headers, 'content-type': 'application/json' },
      { ...headers, 'content-type': 'application/x-protobuf', 'content-encoding': 'gzip' },
      { ...headers, 'content-type': 'application/x-protobuf' },
    ]);
    expect(collector.requests[1]?.request.headers).not.toHaveProperty('content-encoding');
    for (const { request, records } of collector.requests) {
      expect(request).toMatchObject({ method: 'POST', url: '/v1/logs' });
      expect(records).toMatchObject([
        { eventName: 'sallyport.audit.started', resource: { 'service.name': 'sallyport', 'audit.stream': 'pod-a' } },
      ]);
    }
  });

  test('takes a receiver only with a certificate that its authorities signed', async () => {
    const { endpoint, clients } = await secureCollector();
    expect(await send({ endpoint })).toMatchObject({ kind: 'retry', problem: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
    expect(await send({ endpoint, tls: { ca: cert } })).toEqual({ kind: 'accepted' });
    const other = endpoint.replace('127.0.0.1', 'localhost');
    expect(await send({ endpoint: other, tls: { ca: cert } })).toMatchObject({
      kind: 'retry',
      problem: 'ERR_TLS_CERT_ALTNAME_INVALID',
    });
    expect(clients).toEqual([undefined]);
  });

  test('checks it also while NODE_TLS_REJECT_UNAUTHORIZED is 0', async () => {
    const { endpoint } = await secureCollector();
    const before = process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    onTestFinished(() => {
      if (before === undefined) delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
      else process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = before;
    });
    expect(await send({ endpoint })).toMatchObject({ kind: 'retry' });
  });

  test('shows its own certificate to a receiver that asks for one', async () => {
    const { endpoint, clients } = await secureCollector();
    expect(await send({ endpoint, tls: { ca: cert, cert, key } })).toEqual({ kind: 'accepted' });
    expect(clients).toEqual(['127.0.0.1']);
  });

  test.each<[string, Partial<OtlpSinkOptions>]>([
    ['no URL', { endpoint: 'collector' }],
    ['another scheme', { endpoint: 'ftp://127.0.0.1/v1/logs' }],
    ['http on a far host', { endpoint: 'http://collector.example.com/v1/logs' }],
    ['a name that only begins like loopback', { endpoint: 'http://127.0.0.1.example.com/v1/logs' }],
    ['a password', { endpoint: 'https://a:b@collector.example.com/v1/logs' }],
    ['a broken certificate', { endpoint: 'https://collector.example.com/v1/logs', tls: { cert: 'x', key } }],
    [
      'a key of another certificate',
      { endpoint: 'https://collector.example.com/v1/logs', tls: { cert, key: '-----BEGIN PRIVATE KEY-----' } },
    ],
  ])('is not made with %s', async (_what, options) => {
    await expect(createOtlpSink(options as OtlpSinkOptions)).rejects.toMatchObject({
      code: 'ERR_AUDIT_EXPORT',
      field: 'audit.export',
    });
  });

  test('is made with http on a far host when that is asked for', async () => {
    const endpoint = 'http://collector.example.com/v1/logs';
    await expect(createOtlpSink({ endpoint, dangerouslyAllowInsecureEndpoint: true })).resolves.toBeDefined();
  });

  test('stops at once when it is told to', async () => {
    const collector = await Collector.start(() => ({ delayMs: 60_000 }));
    const sink = await createOtlpSink({ endpoint: collector.endpoint });
    const stop = new AbortController();
    const sent = sink.send(batch, stop.signal);
    stop.abort();
    expect(await sent).toEqual({ kind: 'retry', problem: 'the export is ending' });
  });
});
