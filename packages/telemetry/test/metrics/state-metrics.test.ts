import { metrics } from '@opentelemetry/api';
import type { ObservedState } from '@sallyport/core';
import { afterEach, describe, expect, test } from 'vitest';
import { createTelemetry } from '../../src/index.ts';
import { state } from '../support/every-event.ts';
import { createMetricSdk } from '../support/metric-sdk.ts';

const issuer = { 'sallyport.issuer': 'https://login.example.com' };

describe('how a suite is', () => {
  afterEach(() => metrics.disable());

  test('is asked when somebody collects, and not before', async () => {
    const { provider, collect } = createMetricSdk();
    let asked = 0;
    const read = (): ObservedState => ({ ...state, requestsInFlight: ++asked });
    createTelemetry({ meterProvider: provider }).watch?.(read);
    expect(asked).toBe(0);
    const seen = await collect();
    expect(asked).toBe(1);
    expect(seen).toMatchObject({
      'sallyport.ready': { points: [{ value: 1 }] },
      'sallyport.enforcing': { points: [{ value: 0 }] },
      'sallyport.requests.active': { points: [{ value: 1 }] },
      'sallyport.streams.open': { points: [{ value: 2 }] },
      'sallyport.issuer.ready': { points: [{ value: 1, attributes: issuer }] },
      'sallyport.jwks.held': { points: [{ value: 0, attributes: issuer }] },
    });
  });

  test('is no longer asked when the suite is closed', async () => {
    const { provider, collect } = createMetricSdk();
    const stop = createTelemetry({ meterProvider: provider }).watch?.(() => state);
    stop?.();
    expect((await collect())['sallyport.ready']?.points ?? []).toEqual([]);
  });

  test('reaches a provider that the host registers later, from the next event on', async () => {
    const telemetry = createTelemetry();
    telemetry.watch?.(() => state);
    const { provider, collect } = createMetricSdk();
    metrics.setGlobalMeterProvider(provider);
    telemetry.emit({ type: 'audit.recorded', records: 1 });
    expect((await collect())['sallyport.ready']?.points).toEqual([{ value: 1, attributes: {} }]);
  });
});
