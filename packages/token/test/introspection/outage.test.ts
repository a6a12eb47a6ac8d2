import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IntrospectionProblem } from '../../src/introspection/introspection-problem.ts';
import { Outage } from '../../src/introspection/outage.ts';
import { defaultKeyTiming } from '../../src/keys/key-timing.ts';

const down = new IntrospectionProblem('idp_unavailable', 'answered 503');
const odd = new IntrospectionProblem('idp_unavailable', 'answered 500', { perToken: true });

describe('Outage', () => {
  it('holds nobody back before something fails', () => {
    const outage = new Outage(defaultKeyTiming);
    expect(outage.hold(0)).toBeUndefined();
    outage.begin();
    expect(outage.hold(0)).toBeUndefined();
  });

  it('lets one call ahead after the pause and the others when it succeeded', () => {
    const outage = new Outage(defaultKeyTiming);
    outage.begin();
    expect(outage.fail(down, 0)).toBe(1_000);
    expect(outage.hold(999)).toEqual({ reason: 'idp_unavailable', problem: 'answered 503', retryAfterMs: 1 });
    expect(outage.hold(1_000)).toBeUndefined();
    outage.begin();
    expect(outage.hold(1_000)).toMatchObject({ retryAfterMs: 1 });
    outage.succeed();
    expect(outage.hold(1_000)).toBeUndefined();
    expect(outage.failing).toBe(false);
  });

  it('counts calls that failed side by side as one failure', () => {
    const outage = new Outage(defaultKeyTiming);
    for (let call = 0; call < 32; call += 1) outage.begin();
    for (let call = 0; call < 32; call += 1) expect(outage.fail(down, 0)).toBe(1_000);
    outage.begin();
    expect(outage.fail(down, 1_000)).toBe(2_000);
  });

  it('takes answers that a token may have caused for an outage only when nothing else comes', () => {
    const outage = new Outage(defaultKeyTiming);
    for (let call = 0; call < 4; call += 1) expect(outage.fail(odd, 0)).toBe(0);
    outage.succeed();
    for (let call = 0; call < 4; call += 1) expect(outage.fail(odd, 0)).toBe(0);
    expect(outage.fail(odd, 0)).toBe(1_000);
  });

  it('never holds back for more than a minute, and never for good', () => {
    const problem = fc.record({ perToken: fc.boolean(), retryAfterMs: fc.integer({ min: 0, max: 1e9 }) });
    const step = fc.oneof(problem, fc.constant('succeed' as const), fc.integer({ min: 0, max: 100_000 }));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 50 }), (steps) => {
        const outage = new Outage(defaultKeyTiming);
        let now = 0;
        for (const each of steps) {
          if (typeof each === 'number') now += each;
          else if (outage.hold(now) === undefined) {
            outage.begin();
            if (each === 'succeed') outage.succeed();
            else outage.fail(new IntrospectionProblem('idp_unavailable', 'x', each), now);
          }
          expect(outage.hold(now)?.retryAfterMs ?? 1).toBeGreaterThan(0);
          expect(outage.hold(now)?.retryAfterMs ?? 0).toBeLessThanOrEqual(60_000);
          expect(outage.hold(now + 60_000)).toBeUndefined();
        }
      }),
    );
  });
});
