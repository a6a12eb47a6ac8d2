import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';

export interface Point {
  readonly value: unknown;
  readonly attributes: Readonly<Record<string, unknown>>;
}

export interface Collected {
  readonly unit: string;
  readonly description: string;
  readonly points: readonly Point[];
}

/** A provider of the SDK, and what an exporter gets of it, by the name of the metric. */
export function createMetricSdk(): {
  provider: MeterProvider;
  collect(): Promise<Readonly<Record<string, Collected>>>;
} {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
  const provider = new MeterProvider({ readers: [reader] });
  return {
    provider,
    async collect() {
      exporter.reset();
      await reader.forceFlush();
      const found = exporter.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics));
      return Object.fromEntries(
        found.map(({ descriptor: { name, unit, description }, dataPoints }) => [
          name,
          { unit, description, points: dataPoints.map(({ value, attributes }) => ({ value, attributes })) },
        ]),
      );
    },
  };
}
