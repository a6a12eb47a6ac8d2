import { describe, expect, test } from 'vitest';
import { createTelemetry } from '../../src/index.ts';
import { createMetricSdk } from '../support/metric-sdk.ts';

describe('the metrics of tokens', () => {
  test('count what was found of a token among the verified ones', async () => {
    const { provider, collect } = createMetricSdk();
    const telemetry = createTelemetry({ meterProvider: provider });
    for (const result of ['miss', 'joined', 'hit', 'hit', 'stale'] as const)
      telemetry.emit({ type: 'token.looked_up', result });
    const points = (await collect())['sallyport.token.cache']?.points ?? [];
    expect(points.map(({ value, attributes }) => [attributes['sallyport.cache.result'], value])).toEqual([
      ['miss', 1],
      ['joined', 1],
      ['hit', 2],
      ['stale', 1],
    ]);
  });

  test('count attempts to fetch keys, by issuer, outcome and cause', async () => {
    const { provider, collect } = createMetricSdk();
    const telemetry = createTelemetry({ meterProvider: provider });
    const issuer = 'https://login.example.com';
    telemetry.emit({ type: 'keys.refreshed', issuer, ok: false, cause: 'start' });
    telemetry.emit({ type: 'keys.refreshed', issuer, ok: true, cause: 'retry' });
    const points = (await collect())['sallyport.jwks.refresh']?.points;
    const by = (outcome: string, cause: string): object => ({
      attributes: { 'sallyport.issuer': issuer, 'sallyport.outcome': outcome, 'sallyport.cause': cause },
    });
    expect(points).toMatchObject([by('error', 'start'), by('ok', 'retry')]);
  });

  test('have few series, however many issuers there are', async () => {
    const { provider, collect } = createMetricSdk();
    const telemetry = createTelemetry({ meterProvider: provider });
    for (let count = 0; count < 500; count++)
      telemetry.emit({ type: 'keys.refreshed', issuer: `https://${count}.example`, ok: true, cause: 'start' });
    expect((await collect())['sallyport.jwks.refresh']?.points).toHaveLength(65);
  });
});
