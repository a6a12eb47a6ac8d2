import type { BatchObservableResult, Meter } from '@opentelemetry/api';
import type { ObservedState } from '@sallyport/core';
import { boundedValues } from './bounded-values.ts';
import { withMeter, type FindMeter } from './find-meter.ts';
import { maxIssuers } from './token-metrics.ts';

/** Reads how a suite is. */
export type ReadState = () => ObservedState;

export interface StateMetrics {
  /** Makes the instruments, once there is something that keeps them. */
  refresh(): void;
}

/**
 * What is read when somebody collects:
 *
 * - `sallyport.ready` (gauge): 1 while `/readyz` says 200, else 0.
 * - `sallyport.enforcing` (gauge): 0 in observe mode, else 1.
 * - `sallyport.requests.active` (gauge): requests whose answers have not ended.
 * - `sallyport.streams.open` (gauge): of these the streams that end only when somebody ends them.
 * - `sallyport.issuer.ready`, `sallyport.jwks.held` (gauges, by `sallyport.issuer`): 1 while tokens of an issuer can be checked, and while
 *   keys of it are held.
 */
export function stateMetrics(find: FindMeter, watched: () => ReadState | undefined): StateMetrics {
  const issuerOf = boundedValues(maxIssuers);
  const instruments = withMeter(find, (meter) => {
    const gauges = createGauges(meter);
    meter.addBatchObservableCallback((result) => {
      const state = watched()?.();
      if (state !== undefined) observe(result, gauges, state, issuerOf);
    }, Object.values(gauges));
    return gauges;
  });
  return { refresh: () => void instruments() };
}

type Gauges = ReturnType<typeof createGauges>;

function createGauges(meter: Meter) {
  const gauge = (name: string, description: string, unit?: string): ReturnType<Meter['createObservableGauge']> =>
    meter.createObservableGauge(`sallyport.${name}`, { description, ...(unit !== undefined && { unit }) });
  return {
    ready: gauge('ready', 'Whether the server says that it can serve.'),
    enforcing: gauge('enforcing', 'Whether what the policy denies is refused.'),
    active: gauge('requests.active', 'Requests whose answers have not ended.', '{request}'),
    streams: gauge('streams.open', 'Streams that end only when somebody ends them.', '{stream}'),
    issuerReady: gauge('issuer.ready', 'Whether tokens of the issuer can be checked.'),
    keysHeld: gauge('jwks.held', 'Whether keys of the issuer are held that may be used.'),
  };
}

function observe(
  result: BatchObservableResult,
  gauges: Gauges,
  { ready, enforcing, requestsInFlight, openStreams, issuers }: ObservedState,
  issuerOf: (issuer: string) => string,
): void {
  result.observe(gauges.ready, ready ? 1 : 0);
  result.observe(gauges.enforcing, enforcing ? 1 : 0);
  result.observe(gauges.active, requestsInFlight);
  result.observe(gauges.streams, openStreams);
  for (const one of issuers) {
    const attributes = { 'sallyport.issuer': issuerOf(one.issuer) };
    result.observe(gauges.issuerReady, one.ready ? 1 : 0, attributes);
    result.observe(gauges.keysHeld, one.keys ? 1 : 0, attributes);
  }
}
