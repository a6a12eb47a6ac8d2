import type { ViewOptions } from '@opentelemetry/sdk-metrics';

/** Every instrument whose unit is the second. */
const inSeconds = [
  'mcp.server.operation.duration',
  'sallyport.audit.sync.duration',
  'sallyport.audit.export.delay',
  'sallyport.audit.anchor.lag',
];

/**
 * Names with their unit, as a collector and Prometheus itself make them of OTLP (OpenTelemetry, Prometheus compatibility). The exporter
 * does not, and dashboards must not depend on the way that metrics come.
 */
export const secondsViews: readonly ViewOptions[] = inSeconds.map((name) => ({
  instrumentName: name,
  name: `${name}.seconds`,
}));
