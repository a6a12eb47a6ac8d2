import { createTelemetry } from '@sallyport/telemetry';
import { openHost } from './open-host.ts';
import type { ObserveOrder, ObserverReady } from './protocol.ts';
import { runObserver } from './run-observer.ts';
import type { TelemetryCase } from './telemetry-case.ts';

// Observes calls in one kind of host, in a process of its own, for an SDK is set up for a whole process. Started by the bench with the
// name of a case as its argument and an IPC channel; answers each order with a result.
const name = process.argv[2] as TelemetryCase['name'];
const host = openHost(name);
const observer = createTelemetry();

process.on('message', ({ durationMs }: ObserveOrder) => {
  void runObserver(observer, host, { durationMs, spans: name !== 'off' }).then((result) => process.send?.(result));
});
process.once('disconnect', () => process.exit());
process.send?.({ type: 'ready' } satisfies ObserverReady);
