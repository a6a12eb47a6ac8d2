import type { ObservedState, Observer } from '@sallyport/core';
import { ok, outcome, refused, start } from './calls.ts';

export const state: ObservedState = {
  ready: true,
  enforcing: false,
  requestsInFlight: 3,
  openStreams: 2,
  issuers: [{ issuer: 'https://login.example.com', ready: true, keys: false }],
};

/** Everything that an observer can be told, in every variant that makes a difference to a metric. */
export function tellEverything(observer: Observer): void {
  observer.watch?.(() => state);
  const ends = [ok, outcome('tool_error'), outcome('error', -32_603), refused('insufficient_scope')];
  for (const end of ends) observer.startCall(start()).end(end);
  observer.startCall(start({ method: 'prompts/get', target: { kind: 'prompt', name: 'summarize' } })).end(ok);
  for (const result of ['hit', 'joined', 'stale', 'miss'] as const) observer.emit({ type: 'token.looked_up', result });
  observer.emit({ type: 'identity.decided', effect: 'allow' });
  observer.emit({ type: 'identity.decided', effect: 'deny', reason: 'no_token' });
  observer.emit({ type: 'access.decided', effect: 'allow', enforced: true });
  observer.emit({ type: 'access.decided', effect: 'deny', reason: 'insufficient_scope', enforced: false });
  observer.emit({ type: 'request.refused', reason: 'no_token', httpStatus: 401 });
  observer.emit({ type: 'keys.refreshed', issuer: 'https://login.example.com', ok: true, cause: 'start' });
  observer.emit({ type: 'audit.recorded', records: 3 });
  observer.emit({ type: 'audit.synced', durationMs: 2 });
  observer.emit({ type: 'audit.gap', count: 5 });
  observer.emit({ type: 'audit.copy', copy: 'log', ok: true });
  observer.emit({ type: 'audit.exported', export: 'siem', records: 6 });
  observer.emit({ type: 'audit.export_retry', export: 'siem' });
  observer.emit({ type: 'audit.dead_letter', export: 'siem' });
  observer.emit({ type: 'audit.export_lag', export: 'siem', records: 9, oldestMs: 1_790_000_000_000 });
  observer.emit({ type: 'audit.checkpoint', origin: 'log.example/pod-a', ok: true });
  observer.emit({ type: 'audit.anchored', origin: 'log.example/pod-a', anchor: 'witness', ok: false, lagMs: 1500 });
}
