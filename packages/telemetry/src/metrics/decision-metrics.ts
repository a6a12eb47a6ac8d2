import type { EventHandlers } from './event-handlers.ts';
import { withMeter, type FindMeter } from './find-meter.ts';

/**
 * - `sallyport.auth.decisions` (counter, by `sallyport.stage`, `sallyport.effect`, `sallyport.reason`, `sallyport.enforced`): what was said
 *   of credentials (`authenticate`) and, by the policy, of calls (`authorize`). The reason, one of a closed union, is only there for
 *   `deny`; `sallyport.enforced` is false for what observe mode lets pass.
 * - `sallyport.requests.refused` (counter, by `sallyport.reason` and `http.response.status_code`): requests that were refused, whichever
 *   station did it.
 */
export function decisionMetrics(find: FindMeter): EventHandlers {
  const instruments = withMeter(find, (meter) => ({
    decisions: meter.createCounter('sallyport.auth.decisions', {
      description:
        'Credentials and calls that were decided, by stage, effect, reason and whether the decision was enforced.',
      unit: '{decision}',
    }),
    refused: meter.createCounter('sallyport.requests.refused', {
      description: 'Requests that were refused, by reason and status.',
      unit: '{request}',
    }),
  }));
  return {
    'identity.decided': ({ effect, reason }) =>
      instruments()?.decisions.add(1, {
        'sallyport.stage': 'authenticate',
        'sallyport.effect': effect,
        'sallyport.enforced': true,
        ...(reason !== undefined && { 'sallyport.reason': reason }),
      }),
    'access.decided': ({ effect, reason, enforced }) =>
      instruments()?.decisions.add(1, {
        'sallyport.stage': 'authorize',
        'sallyport.effect': effect,
        'sallyport.enforced': enforced,
        ...(reason !== undefined && { 'sallyport.reason': reason }),
      }),
    'request.refused': ({ reason, httpStatus }) =>
      instruments()?.refused.add(1, { 'sallyport.reason': reason, 'http.response.status_code': httpStatus }),
  };
}
