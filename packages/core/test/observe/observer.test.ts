import { expect, test } from 'vitest';
import { noopObserver, type CallStart } from '../../src/observe/observer.ts';

test('the observer of a host without telemetry runs what it is given and remembers nothing', () => {
  const observation = noopObserver.startCall({} as CallStart);
  expect(observation.run(() => 7)).toBe(7);
  expect(observation.trace).toBeUndefined();
  expect(observation.end({ kind: 'outcome', outcome: { status: 'ok' }, durationMs: 1 })).toBeUndefined();
  expect(noopObserver.emit({ type: 'audit.gap', count: 1 })).toBeUndefined();
});
