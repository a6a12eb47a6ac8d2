import { metrics } from '@opentelemetry/api';
import type { Observer } from '@sallyport/core';
import { afterEach, describe, expect, test } from 'vitest';
import { createTelemetry } from '../../src/index.ts';
import { createMetricSdk } from '../support/metric-sdk.ts';

function say(observer: Observer): void {
  observer.emit({ type: 'audit.recorded', records: 3 });
  observer.emit({ type: 'audit.recorded', records: 4 });
  observer.emit({ type: 'audit.synced', durationMs: 2 });
  observer.emit({ type: 'audit.gap', count: 5 });
  observer.emit({ type: 'audit.copy', copy: 'log', ok: true });
  observer.emit({ type: 'audit.copy', copy: 'mirror', ok: true });
  observer.emit({ type: 'audit.copy', copy: 'mirror', ok: false });
  observer.emit({ type: 'audit.exported', export: 'siem', records: 6 });
  observer.emit({ type: 'audit.export_retry', export: 'siem' });
  observer.emit({ type: 'audit.dead_letter', export: 'siem' });
  observer.emit({ type: 'audit.export_lag', export: 'siem', records: 9, oldestMs: Date.now() - 60_000 });
  observer.emit({ type: 'audit.export_lag', export: 'other', records: 0 });
}

const siem = { 'sallyport.audit.export': 'siem' };
const untouched = { value: 0, attributes: { 'sallyport.audit.export': 'other' } };

describe('the metrics of the audit log', () => {
  afterEach(() => metrics.disable());

  test('count what was written, synced, lost, sent, tried again and set aside', async () => {
    const { provider, collect } = createMetricSdk();
    say(createTelemetry({ meterProvider: provider }));
    const seen = await collect();
    expect(Object.keys(seen).toSorted()).toEqual([
      'sallyport.audit.copy.writable',
      'sallyport.audit.dead_letters',
      'sallyport.audit.export.delay',
      'sallyport.audit.export.lag',
      'sallyport.audit.export.retries',
      'sallyport.audit.exported',
      'sallyport.audit.gaps',
      'sallyport.audit.records',
      'sallyport.audit.sync.duration',
    ]);
    expect(seen).toMatchObject({
      'sallyport.audit.records': { unit: '{record}', points: [{ value: 7, attributes: {} }] },
      'sallyport.audit.gaps': { unit: '{record}', points: [{ value: 5, attributes: {} }] },
      'sallyport.audit.sync.duration': { unit: 's', points: [{ value: { count: 1, sum: 0.002 }, attributes: {} }] },
      'sallyport.audit.exported': { points: [{ value: 6, attributes: siem }, untouched] },
      'sallyport.audit.copy.writable': {
        points: [
          { value: 1, attributes: { 'sallyport.audit.copy': 'log' } },
          { value: 0, attributes: { 'sallyport.audit.copy': 'mirror' } },
        ],
      },
      'sallyport.audit.export.retries': { points: [{ value: 1, attributes: siem }, untouched] },
      'sallyport.audit.dead_letters': { points: [{ value: 1, attributes: siem }, untouched] },
    });
  });

  test('begin at 0, so that the first loss is an increase', async () => {
    const { provider, collect } = createMetricSdk();
    const observer = createTelemetry({ meterProvider: provider });
    observer.emit({ type: 'audit.recorded', records: 1 });
    observer.emit({ type: 'audit.export_lag', export: 'siem', records: 0 });
    const nothing = { points: [{ value: 0, attributes: siem }] };
    expect(await collect()).toMatchObject({
      'sallyport.audit.gaps': { points: [{ value: 0, attributes: {} }] },
      'sallyport.audit.exported': nothing,
      'sallyport.audit.export.retries': nothing,
      'sallyport.audit.dead_letters': nothing,
    });
  });

  test('say how far behind a receiver is, in records and in seconds that go on counting', async () => {
    const { provider, collect } = createMetricSdk();
    say(createTelemetry({ meterProvider: provider }));
    const seen = await collect();
    const lag = seen['sallyport.audit.export.lag']?.points ?? [];
    expect(lag).toContainEqual({ value: 9, attributes: siem });
    expect(lag).toContainEqual({ value: 0, attributes: { 'sallyport.audit.export': 'other' } });
    const [delay, none] = seen['sallyport.audit.export.delay']?.points ?? [];
    expect(delay?.value).toBeGreaterThanOrEqual(60);
    expect(none?.value).toBe(0);
  });

  test('go to a provider that the host registers later', async () => {
    const observer = createTelemetry();
    say(observer);
    const { provider, collect } = createMetricSdk();
    metrics.setGlobalMeterProvider(provider);
    say(observer);
    expect(await collect()).toMatchObject({ 'sallyport.audit.records': { points: [{ value: 7 }] } });
  });

  test('have few series, however many names there are', async () => {
    const { provider, collect } = createMetricSdk();
    const observer = createTelemetry({ meterProvider: provider });
    for (let count = 0; count < 500; count++) observer.emit({ type: 'audit.export_retry', export: `name${count}` });
    const points = (await collect())['sallyport.audit.export.retries']?.points ?? [];
    expect(points).toHaveLength(33);
    expect(points).toContainEqual({ value: 468, attributes: { 'sallyport.audit.export': '_OTHER' } });
  });

  test('never throw into what they count', () => {
    const broken = {
      getMeter: () => {
        throw new Error('broken');
      },
    };
    expect(() => say(createTelemetry({ meterProvider: broken }))).not.toThrow();
  });
});
