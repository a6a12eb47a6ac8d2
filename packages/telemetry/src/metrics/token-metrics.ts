import { boundedValues } from './bounded-values.ts';
import type { EventHandlers } from './event-handlers.ts';
import { withMeter, type FindMeter } from './find-meter.ts';

/** Issuers are named in the configuration; more than these are one. */
export const maxIssuers = 64;

/**
 * - `sallyport.token.cache` (counter, by `sallyport.cache.result`: `hit`, `joined`, `stale`, `miss`): tokens that were looked up among the
 *   verified ones.
 * - `sallyport.jwks.refresh` (counter, by `sallyport.issuer`, `sallyport.outcome`: `ok` or `error`, `sallyport.cause`): attempts to fetch
 *   the keys of an issuer.
 */
export function tokenMetrics(find: FindMeter): EventHandlers {
  const issuerOf = boundedValues(maxIssuers);
  const instruments = withMeter(find, (meter) => ({
    cache: meter.createCounter('sallyport.token.cache', {
      description: 'Tokens that were looked up among the verified ones, by what was found.',
      unit: '{lookup}',
    }),
    refresh: meter.createCounter('sallyport.jwks.refresh', {
      description: 'Attempts to fetch the keys of an issuer.',
      unit: '{attempt}',
    }),
  }));
  return {
    'token.looked_up': ({ result }) => instruments()?.cache.add(1, { 'sallyport.cache.result': result }),
    'keys.refreshed': ({ issuer, ok, cause }) =>
      instruments()?.refresh.add(1, {
        'sallyport.issuer': issuerOf(issuer),
        'sallyport.outcome': ok ? 'ok' : 'error',
        'sallyport.cause': cause,
      }),
  };
}
