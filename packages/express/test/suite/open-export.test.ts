import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LiveLogRecord } from '@sallyport/audit';
import type { ConfigInput } from '@sallyport/config';
import { createMemoryAuditLog, type ObserverEvent } from '@sallyport/core';
import { pino } from 'pino';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createSallyport, type CreateSallyportOptions, type Sallyport } from '../../src/index.ts';
import { until } from '../support/until.ts';

const card = {
  $schema: 'https://static.modelcontextprotocol.io/schemas/v1/server-card.schema.json',
  name: 'dev.sallyport/export-test',
  description: 'The server of these tests',
  version: '1.0.0',
  _meta: { 'dev.sallyport/access': {} },
};

const silent = pino({ level: 'silent' });

async function open(exports: readonly object[], options: CreateSallyportOptions = {}): Promise<Sallyport> {
  const directory = await mkdtemp(join(tmpdir(), 'sallyport-suite-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const config = {
    resource: 'http://127.0.0.1/mcp',
    issuers: [{ issuer: 'https://login.example.com' }],
    card,
    audit: { directory, stream: 'pod-a', export: exports },
  } as ConfigInput;
  return createSallyport(config, { log: silent, ...options });
}

/** A receiver that counts what it is sent. */
async function receiver(status: number): Promise<{ endpoint: string; requests(): number }> {
  let requests = 0;
  const server = createServer((req, res) => {
    requests += 1;
    req.resume().on('end', () => res.writeHead(status).end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close().closeAllConnections();
  });
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/logs`;
  return { endpoint, requests: () => requests };
}

describe('the exports of a suite', () => {
  it('run from its start to its end, the last record included', async () => {
    const { endpoint, requests } = await receiver(200);
    const events: ObserverEvent[] = [];
    const observer = {
      startCall: () => ({ run: <T>(fn: () => T): T => fn(), end: () => undefined }),
      emit: (event: ObserverEvent) => void events.push(event),
    };
    const suite = await open([{ type: 'otlp', endpoint }], { observer });
    await until(() => requests() > 0, 'the start is exported');
    await suite.close();
    const exported = events.reduce((sum, event) => sum + (event.type === 'audit.exported' ? event.records : 0), 0);
    const recorded = events.reduce((sum, event) => sum + (event.type === 'audit.recorded' ? event.records : 0), 0);
    // The first records of a start are written with it, before anybody counts.
    expect(exported).toBeGreaterThanOrEqual(recorded);
    expect(events.findLast(({ type }) => type === 'audit.export_lag')).toMatchObject({ export: 'otlp', records: 0 });
  });

  it('do not make it unready when the receiver fails', async () => {
    const { endpoint, requests } = await receiver(503);
    const suite = await open([{ type: 'otlp', endpoint }]);
    await until(() => requests() > 1, 'the receiver has failed');
    expect(suite.readiness().checks.audit).toEqual({ ok: true });
    await suite.close();
  });

  it('copy every record to a logger of the host, when one is handed in', async () => {
    const copied: LiveLogRecord[] = [];
    const suite = await open([], { auditLogger: { emit: (record) => void copied.push(record) } });
    await suite.close();
    const names = copied.map(({ eventName }) => eventName);
    expect(names[0]).toBe('sallyport.audit.started');
    expect(names).toContain('sallyport.config.loaded');
    expect(names.at(-1)).toBe('sallyport.audit.stopped');
  });

  it('stop the start when the log was given in code and has nothing to export', async () => {
    const audit = createMemoryAuditLog();
    const wrong = { code: 'ERR_AUDIT_EXPORT', field: 'audit.export' };
    await expect(open([{ type: 'stdout' }], { audit })).rejects.toMatchObject(wrong);
    await expect(open([], { audit, auditLogger: { emit: () => undefined } })).rejects.toMatchObject(wrong);
    await (await open([], { audit })).close();
  });
});
