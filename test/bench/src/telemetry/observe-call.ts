import type { CallStage, McpCall, Observer } from '@sallyport/core';

/** Spans of an observed call: its own, authentication, authorization, both records, the handler. */
export const spansPerCall = 6;

const target = Object.freeze({ kind: 'tool', name: 'read-note' } as const);
const meta = { traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' };

const call: McpCall = Object.freeze({
  kind: 'request',
  era: 'modern',
  protocolVersion: '2026-07-28',
  id: 1,
  method: 'tools/call',
  target,
  targets: [target],
  arguments: {},
  client: 'bench/1',
  message: { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'read-note', _meta: meta } },
});

/** Everything the walk tells an observer of one allowed call, and the looks at the clock for it. Nothing else. */
export function observeCall(observer: Observer): void {
  const startedNs = process.hrtime.bigint();
  const elapsedMs = (): number => Math.round(Number(process.hrtime.bigint() - startedNs) / 1e3) / 1e3;
  const authenticate: CallStage = { name: 'authenticate', fromMs: elapsedMs(), toMs: elapsedMs() };
  observer.emit({ type: 'identity.decided', effect: 'allow' });
  const seen = observer.startCall({
    call,
    targetDeclared: true,
    principal: null,
    startedAtMs: Date.now(),
    elapsedMs,
    source: { ip: '192.0.2.7', port: 50_000, httpVersion: '1.1' },
    stages: [authenticate],
  });
  observer.emit({ type: 'access.decided', effect: 'allow', enforced: true });
  const times = (): { fromMs: number; toMs: number } => ({ fromMs: elapsedMs(), toMs: elapsedMs() });
  seen.stage?.({ name: 'authorize', ...times(), effect: 'allow', enforced: true });
  seen.stage?.({ name: 'audit', ...times(), record: 'decision', waitMs: 0.1, ok: true });
  seen.run(nothing);
  seen.handled?.(false);
  seen.stage?.({ name: 'audit', ...times(), record: 'outcome', waitMs: 0.1, ok: true });
  seen.end({ kind: 'outcome', outcome: { status: 'ok', httpStatus: 200 }, durationMs: elapsedMs() });
}

function nothing(): void {
  // The handler of a call costs what it costs.
}
