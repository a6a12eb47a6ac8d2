import type { SallyportConfig } from '@sallyport/config';
import { SetupError, type Observer } from '@sallyport/core';
import { createTelemetry } from '@sallyport/telemetry';
import type { RequestHandler } from 'express';

/** What watches a suite, and where its metrics can be read. */
export interface OpenedObserver {
  readonly observer: Observer;
  /** Answers a scrape; without `telemetry.prometheus` it passes every request on. */
  readonly metrics: RequestHandler;
  /** Where Prometheus finds the metrics; absent when nothing listens. */
  readonly metricsUrl?: string;
  close(): Promise<void>;
}

/**
 * Opens what the configuration says of telemetry. An observer that was given in code is taken as it is.
 *
 * @throws SetupError `ERR_TELEMETRY_PROMETHEUS`
 */
export async function openObserver(
  { telemetry }: SallyportConfig,
  given: Observer | undefined,
): Promise<OpenedObserver> {
  const { prometheus, ...options } = telemetry;
  if (prometheus === undefined) {
    return {
      observer: given ?? createTelemetry(options),
      metrics: (_req, _res, next) => next(),
      close: () => Promise.resolve(),
    };
  }
  if (given !== undefined) throw withoutOwnObserver();
  const { openPrometheus } = await import('@sallyport/telemetry/prometheus');
  const endpoint = await openPrometheus(prometheus);
  return {
    observer: createTelemetry({ ...options, additionalMeterProviders: [endpoint.meterProvider] }),
    metrics: (req, res) => endpoint.handle(req, res),
    ...(endpoint.url !== undefined && { metricsUrl: endpoint.url }),
    close: () => endpoint.close(),
  };
}

function withoutOwnObserver(): SetupError {
  return new SetupError({
    code: 'ERR_TELEMETRY_PROMETHEUS',
    field: 'telemetry.prometheus',
    problem: 'an observer was given in code, and the endpoint would have nothing to show',
    remedy: 'remove the field, and give createTelemetry the meterProvider of openPrometheus',
  });
}
