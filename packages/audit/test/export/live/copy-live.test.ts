import { InMemoryLogRecordExporter, LoggerProvider, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs';
import type { AuditEntry } from '@sallyport/core';
import { describe, expect, test } from 'vitest';
import type { LiveLogger, LiveLogRecord } from '../../../src/index.ts';
import { decision, eventually, ExportLog, startExport } from '../../support/export-log.ts';

const trace = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' };
const traced = (): AuditEntry => ({ ...decision(), trace });

describe('a live logger', () => {
  test('of the real SDK gets every record with its event name, severity, attributes and span', async () => {
    const log = await ExportLog.create();
    await log.rotate(1);
    const exporter = new InMemoryLogRecordExporter();
    const provider = new LoggerProvider({ processors: [new SimpleLogRecordProcessor({ exporter })] });
    startExport(log, [], { logger: provider.getLogger('test') });
    await log.write(2, traced);
    await eventually(() => expect(exporter.getFinishedLogRecords()).toHaveLength(3));
    const [, record] = exporter.getFinishedLogRecords();
    expect(record).toMatchObject({
      eventName: 'sallyport.mcp.decision',
      severityNumber: 9,
      severityText: 'INFO',
      spanContext: trace,
      attributes: { 'audit.seq': 1, 'gen_ai.tool.name': 'read-note', 'audit.decision.requiredScopes': ['notes:read'] },
    });
    expect(JSON.parse(record?.body as string)).toMatchObject({ seq: 1, type: 'mcp.decision' });
  });

  test('gets nothing that is not acknowledged, nothing of earlier starts, and everything to the end', async () => {
    const earlier = await ExportLog.create();
    await earlier.rotate(5);
    await earlier.close();
    const log = new ExportLog(earlier.directory, 'pod-a', 5);
    await log.rotate(2);
    log.held = 6;
    const seen: LiveLogRecord[] = [];
    const running = startExport(log, [], { logger: { emit: (record) => void seen.push(record) } });
    await eventually(() => expect(seen.map(({ attributes }) => attributes['audit.seq'])).toEqual([5]));
    log.held = Number.MAX_SAFE_INTEGER;
    await log.write(300);
    expect(await running.close()).toBe(true);
    expect(seen.map(({ attributes }) => attributes['audit.seq'])).toEqual(
      Array.from({ length: 302 }, (_, index) => index + 5),
    );
  });

  test('that throws loses its copy and nothing else', async () => {
    const log = await ExportLog.create();
    await log.rotate(3);
    let count = 0;
    const logger: LiveLogger = {
      emit() {
        count += 1;
        throw new Error('broken');
      },
    };
    const running = startExport(log, [], { logger });
    await eventually(() => expect(count).toBe(3));
    expect(running.said.filter(({ message }) => message.includes('its logger throws'))).toHaveLength(1);
    expect(await running.close()).toBe(true);
  });

  test('is never looked up: without one nothing is emitted anywhere', async () => {
    const log = await ExportLog.create();
    await log.rotate(1);
    const emitted: unknown[] = [];
    (globalThis as Record<symbol, unknown>)[Symbol.for('io.opentelemetry.js.api.logs')] = () => ({
      getLogger: () => ({ emit: (record: unknown) => void emitted.push(record) }),
    });
    const running = startExport(log, []);
    expect(await running.close()).toBe(true);
    delete (globalThis as Record<symbol, unknown>)[Symbol.for('io.opentelemetry.js.api.logs')];
    expect(emitted).toEqual([]);
  });
});
