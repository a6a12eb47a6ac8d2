import { describe, expect, test } from 'vitest';
import { createTelemetry } from '../../src/index.ts';
import { createMetricSdk } from '../support/metric-sdk.ts';

const origin = 'log.example/pod-a';

describe('the metrics of evidence', () => {
  test('say whether checkpoints can be written, for each stream', async () => {
    const { provider, collect } = createMetricSdk();
    const telemetry = createTelemetry({ meterProvider: provider });
    telemetry.emit({ type: 'audit.checkpoint', origin, ok: true });
    telemetry.emit({ type: 'audit.checkpoint', origin: `${origin}-mirror`, ok: true });
    telemetry.emit({ type: 'audit.checkpoint', origin, ok: false });
    expect((await collect())['sallyport.audit.checkpoint.writable']?.points).toEqual([
      { value: 0, attributes: { 'sallyport.audit.origin': origin } },
      { value: 1, attributes: { 'sallyport.audit.origin': `${origin}-mirror` } },
    ]);
  });

  test('say for how long an anchor has been behind, in seconds that go on counting', async () => {
    const { provider, collect } = createMetricSdk();
    const telemetry = createTelemetry({ meterProvider: provider });
    telemetry.emit({ type: 'audit.anchored', origin, anchor: 'witness', ok: false, lagMs: 90_000 });
    telemetry.emit({ type: 'audit.anchored', origin, anchor: 'file', ok: true, lagMs: 400 });
    const seen = await collect();
    const [witness, file] = seen['sallyport.audit.anchor.lag']?.points ?? [];
    expect(witness?.value).toBeGreaterThan(90);
    expect(file).toEqual({ value: 0, attributes: { 'sallyport.audit.anchor': 'file' } });
    expect(seen['sallyport.audit.anchored']?.points).toEqual([
      { value: 1, attributes: { 'sallyport.audit.anchor': 'witness', 'sallyport.outcome': 'error' } },
      { value: 1, attributes: { 'sallyport.audit.anchor': 'file', 'sallyport.outcome': 'ok' } },
    ]);
  });
});
