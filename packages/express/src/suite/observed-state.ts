import type { ObservedState } from '@sallyport/core';
import { readinessOf } from './readiness.ts';
import type { Runtime } from './runtime.ts';

/** How a suite is, for whoever collects metrics. */
export function observedStateOf(runtime: Runtime): ObservedState {
  const { authenticator, config, enterprise, inFlight } = runtime;
  const issuers = [...authenticator.status(), ...(enterprise?.authenticator.status() ?? [])];
  return {
    ready: readinessOf(runtime).ready,
    enforcing: config.enforcement === 'enforce',
    requestsInFlight: inFlight.size,
    openStreams: inFlight.openEnded().length,
    issuers: issuers.map(({ issuer, ready, keys }) => ({ issuer, ready, keys })),
  };
}
