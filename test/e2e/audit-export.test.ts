import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { createCanary } from './support/canary.ts';
import { expectFailedStart, tryStarts, type FailedStart } from './support/failed-start.ts';
import { openGuard, type Guard } from './support/guard.ts';
import { startCollector, type OtlpCollector } from './support/otlp-collector.ts';
import { startTarget, waitFor, type Target } from './support/target.ts';
import { verifies } from './support/verifies.ts';

let collector: OtlpCollector;
let guard: Guard;
beforeAll(async () => {
  collector = await startCollector();
  guard = await openGuard({ config: { audit: { export: [exportTo(collector)] } } });
});
afterAll(async () => {
  await guard.close();
  await collector.stop();
});

function exportTo(receiver: OtlpCollector): object {
  const { endpoint } = receiver;
  return {
    type: 'otlp',
    endpoint,
    format: 'json',
    compression: 'none',
    headers: { 'x-api-key': 'key-of-the-collector' },
  };
}

/** Waits until the receiver has every record of the log. */
async function expectEveryRecord(target: Target, receiver: OtlpCollector = collector): Promise<void> {
  const missing = (): string[] => {
    const seen = new Set(receiver.ids());
    return target.records().flatMap(({ id }) => (seen.has(id) ? [] : [id]));
  };
  await waitFor(() => (missing().length === 0 ? true : undefined), 'every record to reach the receiver');
  expect(new Set(receiver.ids())).toEqual(new Set(target.records().map(({ id }) => id)));
}

/** The lines of the log, as they are on disk. */
function linesOf(target: Target): string[] {
  const files = readdirSync(target.auditDirectory).filter((name) => /^audit-.*\.jsonl$/.test(name));
  return files
    .toSorted()
    .flatMap((name) => readFileSync(path.join(target.auditDirectory, name), 'utf8').split('\n').filter(Boolean));
}

describe('an OTLP receiver', () => {
  verifies('EXPORT-EVERY-RECORD', 'has every record, byte for byte the line of the log', async () => {
    for (let count = 0; count < 5; count++) await guard.expectAnswered({});
    await guard.expectRefused('no_token', { token: null });
    await expectEveryRecord(guard.target);
    expect(new Set(collector.lines())).toEqual(new Set(linesOf(guard.target)));
    expect(collector.heard()).toContain('key-of-the-collector');
  });

  verifies(['EXPORT-OUTAGE', 'EXPORT-EVERY-RECORD'], 'that is down has every record when it is back', async () => {
    await collector.stop();
    for (let count = 0; count < 5; count++) await guard.expectAnswered({});
    const ready = await fetch(`${guard.target.origin}/readyz`);
    expect(ready.status).toBe(200);
    await waitFor(
      () => (guard.target.stderr().includes('the audit export waits') ? true : undefined),
      'the log to say so',
    );
    await collector.listen();
    await expectEveryRecord(guard.target);
  });

  verifies(
    ['EXPORT-ACKNOWLEDGED', 'EXPORT-OUTAGE'],
    'that answers anything but an acknowledgement gets it again',
    async () => {
      const faults = [
        { status: 503 },
        { status: 429, headers: { 'retry-after': '0' } },
        { headers: { 'content-type': 'text/html' }, body: '<html>welcome</html>' },
      ];
      for (const fault of faults) {
        collector.fail(fault);
        const before = collector.requests();
        await guard.expectAnswered({});
        await waitFor(() => (collector.requests() > before + 1 ? true : undefined), 'another attempt');
        collector.fail(undefined);
        await expectEveryRecord(guard.target);
      }
      expect(readdirSync(guard.target.auditDirectory).filter((name) => name.includes('.dead.'))).toEqual([]);
    },
  );

  verifies('EXPORT-NO-SECRET', 'gets no token from a header, an argument, a URL, an error or a result', async () => {
    const canary = createCanary();
    const token = canary.watch(await guard.token({ subject: 'canary', scopes: ['echo:call', 'notes:read'] }));
    canary.watch('session-id-that-nobody-may-see');
    const headers = { 'mcp-session-id': 'session-id-that-nobody-may-see' };
    const echoed = await guard.send({ token, rpc: ['tools/call', { name: 'echo', arguments: { text: token } }] });
    expect(echoed.answer.text).toContain(token);
    await guard.send({ token, headers, rpc: ['tools/call', { name: token }] }, 'legacy');
    await guard.send({ token, headers: { 'user-agent': token, referer: token, 'x-request-id': token } });
    await guard.send({ token, target: `/mcp?access_token=${token}` });
    await guard.send({ token, rpc: ['resources/read', { uri: `note:///${token}` }] });
    await guard.send({ token, rpc: [token] }, 'legacy');
    await guard.send({ token: `${token}x` });
    await guard.send({ token: null, headers: { authorization: `Basic ${token}` } });
    await guard.send({ token, rpc: ['tools/call', { name: 'echo', arguments: { [token]: { deep: [token] } } }] });
    await guard.expectNextAnswered();
    await expectEveryRecord(guard.target);
    canary.heard(collector.heard());
    canary.expectNothingLeaked(guard.target);
  });
});

describe('the end of a process', () => {
  verifies(['EXPORT-RESTART', 'EXPORT-EVERY-RECORD'], 'by kill -9 loses nothing: the next one sends it', async () => {
    const receiver = await startCollector();
    receiver.fail({ status: 503 });
    const one = await openGuard({ config: { audit: { export: [exportTo(receiver)] } } });
    await one.expectAnswered({});
    const exited = once(one.target.process, 'exit');
    one.target.process.kill('SIGKILL');
    await exited;
    receiver.fail(undefined);
    const config = { audit: { export: [exportTo(receiver)] } };
    const next = await startTarget({ issuer: one.idp.issuer, config, folder: one.target.folder });
    await expectEveryRecord(next, receiver);
    expect(await next.stop()).toBe(0);
    expect(next.records().at(-1)?.type).toBe('audit.stopped');
    await expectEveryRecord(next, receiver);
    await one.close();
    await receiver.stop();
  });

  verifies('EXPORT-DRAIN', 'comes in seconds although the receiver is down', async () => {
    const receiver = await startCollector();
    await receiver.stop();
    const one = await openGuard({ config: { audit: { export: [exportTo(receiver)] } } });
    await one.expectAnswered({});
    expect(await one.target.stop()).toBe(0);
    expect(one.target.stderr()).toContain('records that are not sent; the next start sends them');
    await one.close();
  });
});

verifies('EXPORT-STDOUT', 'an export to standard output prints the lines of the log', async () => {
  const one = await openGuard({ config: { audit: { export: [{ type: 'stdout' }] } } });
  let printed = '';
  one.target.process.stdout?.setEncoding('utf8').on('data', (text: string) => (printed += text));
  await one.expectAnswered({});
  await one.target.stop();
  const lines = linesOf(one.target);
  const seen = new Set(printed.split('\n'));
  // What was printed before this test began to listen is the start of the log.
  expect(lines.slice(-4).filter((line) => !seen.has(line))).toEqual([]);
  expect(one.target.records().at(-1)?.type).toBe('audit.stopped');
  await one.close();
});

verifies('EXPORT-CONFIGURED', 'without audit.export nothing is sent, whatever OTEL_* says', async () => {
  const receiver = await startCollector();
  const base = receiver.endpoint.replace('/v1/logs', '');
  const target = await startTarget({
    issuer: guard.idp.issuer,
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: base,
      OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: receiver.endpoint,
      OTEL_LOGS_EXPORTER: 'otlp',
    },
  });
  await target.waitForRecord(({ type }) => type === 'config.loaded');
  expect(await target.stop()).toBe(0);
  expect(receiver.requests()).toBe(0);
  expect(readdirSync(target.auditDirectory).filter((name) => name.startsWith('export-'))).toEqual([]);
  await target.remove();
  await receiver.stop();
});

const collectorUrl = 'https://collector.example.com/v1/logs';
const exporting = (...list: object[]): Record<string, unknown> => ({ audit: { directory: './audit', export: list } });
const pem = (what: string): string => `-----BEGIN ${what}-----\nMA==\n-----END ${what}-----`;

verifies('EXPORT-START', 'an export that can not be set up ends the process before it listens', async () => {
  const wrong: FailedStart[] = [
    {
      config: exporting({ type: 'otlp', endpoint: 'http://collector:4318/v1/logs' }),
      field: 'audit.export[0].endpoint',
      says: /use https/,
      code: 'ERR_CONFIG_INVALID',
      file: 'config.json',
    },
    {
      config: exporting({ type: 'otlp', endpoint: collectorUrl, headers: { authorization: '${env:OTLP_TOKEN}' } }),
      env: { OTLP_TOKEN: 'hunter2\r\nx: y' },
      hides: ['hunter2'],
      field: 'audit.export[0].headers.authorization',
      says: /printable/,
      code: 'ERR_CONFIG_INVALID',
      file: 'config.json',
    },
    {
      config: exporting({
        type: 'otlp',
        endpoint: collectorUrl,
        tls: { cert: pem('CERTIFICATE'), key: pem('PRIVATE KEY') },
      }),
      field: 'audit.export',
      says: /certificates or key can not be used/,
      code: 'ERR_AUDIT_EXPORT',
      file: 'config.json',
    },
  ];
  const ended = await tryStarts(wrong);
  for (const start of wrong) expectFailedStart(start, ended.get(start));
});
