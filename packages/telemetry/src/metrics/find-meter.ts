import { metrics, type Meter, type MeterProvider } from '@opentelemetry/api';

/**
 * A way to the instruments of the host's meter provider. Unlike tracers, meters that were made before the host registered its
 * provider stay without effect, so the instruments are made again when the provider changes.
 */
export function withMeter<T>(scope: string, given: MeterProvider | undefined, make: (meter: Meter) => T): () => T {
  let provider: MeterProvider | undefined;
  let made: T | undefined;
  return () => {
    const present = given ?? metrics.getMeterProvider();
    if (made === undefined || present !== provider) {
      provider = present;
      made = make(present.getMeter(scope));
    }
    return made;
  };
}
