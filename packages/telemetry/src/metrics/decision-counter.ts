import { metrics, type Counter, type MeterProvider } from '@opentelemetry/api';
import type { ObserverEvent } from '@sallyport/core';

export type AccessDecided = Extract<ObserverEvent, { readonly type: 'access.decided' }>;

/** Counts what the policy decides. */
export interface DecisionCounter {
  add(decided: AccessDecided): void;
}

/**
 * The counter `sallyport.auth.decisions`. Its attributes are bounded: `sallyport.effect` is `allow` or `deny`, `sallyport.reason` one of
 * the closed union of reasons and only there for `deny`, `sallyport.enforced` is false for what observe mode lets pass. So
 * `sallyport.enforced = false` says that a server observes, and with `sallyport.effect = deny` how much enforcing would refuse.
 *
 * @param scope name of the meter
 * @param given where the counter goes; default: whatever provider the host has registered by the time of a decision
 */
export function createDecisionCounter(scope: string, given: MeterProvider | undefined): DecisionCounter {
  let known: { readonly provider: MeterProvider; readonly counter: Counter } | undefined;

  function counter(): Counter {
    const provider = given ?? metrics.getMeterProvider();
    // A host may register its provider after the suite was opened; until then there is one that counts nothing.
    if (known?.provider !== provider) {
      known = {
        provider,
        counter: provider.getMeter(scope).createCounter('sallyport.auth.decisions', {
          description: 'Calls the access policy decided, by effect, reason and whether the decision was enforced.',
          unit: '{decision}',
        }),
      };
    }
    return known.counter;
  }

  return {
    add({ effect, reason, enforced }) {
      counter().add(1, {
        'sallyport.effect': effect,
        'sallyport.enforced': enforced,
        ...(reason !== undefined && { 'sallyport.reason': reason }),
      });
    },
  };
}
