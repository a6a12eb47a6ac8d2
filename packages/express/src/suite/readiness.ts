import type { Runtime } from './runtime.ts';
import type { Readiness } from './sallyport.ts';

/** Whether the suite can serve now: the log takes records, issuers and revocations are known, and it is not closing. */
export function readinessOf(runtime: Runtime): Readiness {
  const { writable, problem } = runtime.audit.status();
  const statuses = [...runtime.authenticator.status(), ...(runtime.enterprise?.authenticator.status() ?? [])];
  const revocations = runtime.revocations.status();
  const issuers = statuses.map(({ issuer, ready, problem: why }) => ({
    issuer,
    ok: ready,
    ...(why !== undefined && { problem: why }),
  }));
  const { closing } = runtime.inFlight;
  return {
    enforcement: runtime.config.enforcement,
    ready: writable && !closing && revocations.ok && issuers.every(({ ok }) => ok),
    checks: { audit: { ok: writable, ...(problem !== undefined && { problem }) }, issuers, revocations, closing },
  };
}
