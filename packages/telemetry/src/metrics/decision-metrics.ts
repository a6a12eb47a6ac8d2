import type { MeterProvider } from '@opentelemetry/api';
import type { EventHandlers } from './event-handlers.ts';
import { withMeter } from './find-meter.ts';

/**
 * The counter `sallyport.auth.decisions`. Its attributes are bounded: `sallyport.effect` is `allow` or `deny`, `sallyport.reason` one of
 * the closed union of reasons and only there for `deny`, `sallyport.enforced` is false for what observe mode lets pass. So
 * `sallyport.enforced = false` says that a server observes, and with `sallyport.effect = deny` how much enforcing would refuse.
 */
export function decisionMetrics(scope: string, provider: MeterProvider | undefined): EventHandlers {
  const decisions = withMeter(scope, provider, (meter) =>
    meter.createCounter('sallyport.auth.decisions', {
      description: 'Calls the access policy decided, by effect, reason and whether the decision was enforced.',
      unit: '{decision}',
    }),
  );
  return {
    'access.decided': ({ effect, reason, enforced }) =>
      decisions().add(1, {
        'sallyport.effect': effect,
        'sallyport.enforced': enforced,
        ...(reason !== undefined && { 'sallyport.reason': reason }),
      }),
  };
}
