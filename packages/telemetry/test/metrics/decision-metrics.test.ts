import { metrics, type MeterProvider as AnyProvider } from '@opentelemetry/api';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
  type MetricData,
} from '@opentelemetry/sdk-metrics';
import type { ObserverEvent } from '@sallyport/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTelemetry } from '../../src/index.ts';

let exporter: InMemoryMetricExporter;
let provider: MeterProvider;

beforeEach(() => {
  exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  provider = new MeterProvider({ readers: [new PeriodicExportingMetricReader({ exporter })] });
});
afterEach(async () => {
  metrics.disable();
  await provider.shutdown();
});

/** The metrics of our meter, as the exporter of the SDK gets them. */
async function exported(): Promise<readonly MetricData[]> {
  await provider.forceFlush();
  return exporter
    .getMetrics()
    .flatMap(({ scopeMetrics }) => scopeMetrics)
    .filter(({ scope }) => scope.name === '@sallyport/telemetry')
    .flatMap((scoped) => scoped.metrics);
}

async function counted(): Promise<readonly string[]> {
  const [metric] = await exported();
  return (metric?.dataPoints ?? []).map(({ attributes, value }) => {
    const pairs = Object.entries(attributes).map(([key, one]) => `${key}=${String(one)}`);
    return `${pairs.toSorted((a, b) => a.localeCompare(b)).join(' ')}: ${JSON.stringify(value)}`;
  });
}

const allowed: ObserverEvent = { type: 'access.decided', effect: 'allow', enforced: true };
const wouldDeny: ObserverEvent = {
  type: 'access.decided',
  effect: 'deny',
  reason: 'insufficient_scope',
  enforced: false,
};

describe('sallyport.auth.decisions', () => {
  it('counts decisions by effect, reason and whether they were enforced', async () => {
    const telemetry = createTelemetry({ meterProvider: provider });
    for (const event of [allowed, allowed, wouldDeny, { ...wouldDeny, enforced: true }]) telemetry.emit(event);
    expect(await counted()).toEqual([
      'sallyport.effect=allow sallyport.enforced=true sallyport.stage=authorize: 2',
      'sallyport.effect=deny sallyport.enforced=false sallyport.reason=insufficient_scope sallyport.stage=authorize: 1',
      'sallyport.effect=deny sallyport.enforced=true sallyport.reason=insufficient_scope sallyport.stage=authorize: 1',
    ]);
    const [metric] = await exported();
    expect(metric?.descriptor).toMatchObject({ name: 'sallyport.auth.decisions', unit: '{decision}' });
    expect(metric?.descriptor.description).toMatch(/^Credentials and calls that were decided/);
  });

  it('goes to the provider the host registers, also when it does so after the suite was opened', async () => {
    const telemetry = createTelemetry();
    telemetry.emit(allowed);
    metrics.setGlobalMeterProvider(provider);
    telemetry.emit(allowed);
    telemetry.emit(wouldDeny);
    expect(await counted()).toHaveLength(2);
  });

  it('counts what was said of credentials, apart from what was said of calls', async () => {
    const telemetry = createTelemetry({ meterProvider: provider });
    telemetry.emit({ type: 'identity.decided', effect: 'allow' });
    telemetry.emit({ type: 'identity.decided', effect: 'deny', reason: 'expired' });
    expect(await counted()).toEqual([
      'sallyport.effect=allow sallyport.enforced=true sallyport.stage=authenticate: 1',
      'sallyport.effect=deny sallyport.enforced=true sallyport.reason=expired sallyport.stage=authenticate: 1',
    ]);
  });

  it('never throws, whatever the SDK does', () => {
    const broken = {
      getMeter: () => {
        throw new Error('broken');
      },
    } as unknown as AnyProvider;
    expect(() => createTelemetry({ meterProvider: broken }).emit(allowed)).not.toThrow();
  });
});

describe('sallyport.requests.refused', () => {
  it('counts refusals of every station by reason and status', async () => {
    const telemetry = createTelemetry({ meterProvider: provider });
    telemetry.emit({ type: 'request.refused', reason: 'no_token', httpStatus: 401 });
    telemetry.emit({ type: 'request.refused', reason: 'no_token', httpStatus: 401 });
    const refused = (await exported()).find(({ descriptor }) => descriptor.name === 'sallyport.requests.refused');
    expect(refused?.descriptor.unit).toBe('{request}');
    expect(refused?.dataPoints).toMatchObject([
      { value: 2, attributes: { 'sallyport.reason': 'no_token', 'http.response.status_code': 401 } },
    ]);
  });
});
