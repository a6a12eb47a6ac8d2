import { createNoopMeter, metrics, type Meter, type MeterProvider } from '@opentelemetry/api';

/** What the metrics are made with: `undefined` as long as there is no provider that keeps them. */
export type FindMeter = () => Meter | undefined;

/**
 * A way to the meter of the given provider, or of whatever provider the host has registered by the time of asking. Finds nothing when
 * that would count nothing, so that nothing is made for it.
 */
export function findMeter(scope: string, given: MeterProvider | undefined): FindMeter {
  let provider: MeterProvider | undefined;
  let meter: Meter | undefined;
  return () => {
    const present = given ?? metrics.getMeterProvider();
    if (present !== provider) {
      const found = present.getMeter(scope);
      meter = found === createNoopMeter() ? undefined : found;
      provider = present;
    }
    return meter;
  };
}

/**
 * The instruments of a meter. Unlike tracers, those that were made before the host registered its provider stay without effect, so they
 * are made again when the meter changes.
 */
export function withMeter<T>(find: FindMeter, make: (meter: Meter) => T): () => T | undefined {
  let known: Meter | undefined;
  let made: T | undefined;
  return () => {
    const meter = find();
    if (meter !== known) {
      made = meter === undefined ? undefined : make(meter);
      known = meter;
    }
    return made;
  };
}
