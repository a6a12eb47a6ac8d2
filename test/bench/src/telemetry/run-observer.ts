import { setImmediate } from 'node:timers/promises';
import type { Observer } from '@sallyport/core';
import { observeCall, spansPerCall } from './observe-call.ts';
import type { Host } from './open-host.ts';
import type { ObserveResult } from './protocol.ts';

/** The exporter gets its turn after so many calls. */
const callsBetweenTurns = 128;

/** Observes calls until the time is over, and then until the exporter has everything. */
export async function runObserver(
  observer: Observer,
  host: Host,
  { durationMs, spans }: { readonly durationMs: number; readonly spans: boolean },
): Promise<ObserveResult> {
  globalThis.gc?.();
  const before = host.exported();
  let calls = 0;
  const cpu = process.cpuUsage();
  const end = performance.now() + durationMs;
  while (performance.now() < end) {
    for (let index = 0; index < callsBetweenTurns; index += 1) observeCall(observer);
    calls += callsBetweenTurns;
    await setImmediate();
  }
  const expected = spans ? calls * spansPerCall : 0;
  const late = performance.now() + 5_000;
  while (host.exported() - before < expected && performance.now() < late) await setImmediate();
  const { user, system } = process.cpuUsage(cpu);
  const got = host.exported() - before;
  return {
    calls,
    cpuMicros: user + system,
    ...(got !== expected && { wrong: `${got} of ${expected} spans were exported` }),
  };
}
