import type { CallEnd, CallStage, Observer } from '@sallyport/core';
import { describe, expect, it } from 'vitest';
import { observeCall, spansPerCall } from '../../src/telemetry/observe-call.ts';
import { runObserver } from '../../src/telemetry/run-observer.ts';

describe('observeCall', () => {
  it('tells an observer what the walk tells: the call, its stages and its end', () => {
    const stages: CallStage['name'][] = [];
    const ends: CallEnd[] = [];
    let handled = 0;
    const observer: Observer = {
      startCall: (start) => {
        stages.push(...start.stages.map(({ name }) => name));
        return {
          run: (fn) => fn(),
          handled: () => void (handled += 1),
          stage: ({ name }) => void stages.push(name),
          end: (end) => void ends.push(end),
        };
      },
      emit: () => undefined,
    };
    observeCall(observer);
    expect(stages).toEqual(['authenticate', 'authorize', 'audit', 'audit']);
    expect(ends).toHaveLength(1);
    // The call and its handler are spans, too.
    expect(stages.length + handled + 1).toBe(spansPerCall);
  });
});

describe('runObserver', () => {
  const observer: Observer = {
    startCall: () => ({ run: (fn) => fn(), end: () => undefined }),
    emit: () => undefined,
  };

  it('counts calls and their processor time', async () => {
    const result = await runObserver(observer, { exported: () => 0 }, { durationMs: 1, spans: false });
    expect(result.calls).toBeGreaterThan(0);
    expect(result.wrong).toBeUndefined();
  });

  it('says so when an exporter got more spans than there were', async () => {
    let exported = 0;
    const host = { exported: () => (exported += 1_000_000) };
    expect((await runObserver(observer, host, { durationMs: 1, spans: true })).wrong).toContain('spans were exported');
  });
});
