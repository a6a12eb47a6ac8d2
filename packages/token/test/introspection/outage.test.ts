import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IntrospectionProblem } from '../../src/introspection/introspection-problem.ts';
import { Outage } from '../../src/introspection/outage.ts';
import { defaultKeyTiming } from '../../src/keys/key-timing.ts';

const down = new IntrospectionProblem('idp_unavailable', 'answered 429', { blame: 'load' });
const broken = new IntrospectionProblem('idp_unavailable', 'answered 500');
const refused = new IntrospectionProblem('idp_misconfigured', 'answered 401', { blame: 'credentials' });
const odd = new IntrospectionProblem('idp_misconfigured', 'answered 403', { blame: 'token' });

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
    expect(outage.fail(down, 't', 0)).toBe(1_000);
    expect(outage.hold(999)).toEqual({
      reason: 'idp_unavailable',
      problem: 'answered 429',
      retryAfterMs: 1,
      down: false,
    });
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
    for (let call = 0; call < 32; call += 1) expect(outage.fail(down, 't', 0)).toBe(1_000);
    outage.begin();
    expect(outage.fail(down, 't', 1_000)).toBe(2_000);
  });

  it('takes answers that a token may have caused for an outage only when nothing else comes', () => {
    const outage = new Outage(defaultKeyTiming);
    for (let call = 0; call < 4; call += 1) expect(outage.fail(broken, 't', 0)).toBe(0);
    outage.succeed();
    for (let call = 0; call < 4; call += 1) expect(outage.fail(broken, 't', 0)).toBe(0);
    expect(outage.fail(broken, 't', 0)).toBe(1_000);
    expect(outage.hold(0)).toMatchObject({ down: true });
  });

  it('holds nobody back because of what is said about one token, however often', () => {
    const outage = new Outage(defaultKeyTiming);
    for (let call = 0; call < 100; call += 1) expect(outage.fail(odd, `t-${call}`, 0)).toBe(0);
    expect(outage.hold(0)).toBeUndefined();
    expect(outage.failing).toBe(true);
  });

  it('takes our credentials for refused when that happened for three different tokens without a success', () => {
    const outage = new Outage(defaultKeyTiming);
    for (let call = 0; call < 10; call += 1) expect(outage.fail(refused, 'same', 0)).toBe(0);
    expect(outage.fail(refused, 'b', 0)).toBe(0);
    outage.succeed();
    expect(outage.fail(refused, 'c', 0)).toBe(0);
    expect(outage.fail(refused, 'd', 0)).toBe(0);
    expect(outage.fail(refused, 'e', 0)).toBe(1_000);
    expect(outage.hold(0)).toMatchObject({ reason: 'idp_misconfigured', down: true });
  });

  it('does not let an odd token that took the probe prolong the pause', () => {
    for (const problem of [down, refused]) {
      const outage = new Outage(defaultKeyTiming);
      for (const digest of ['a', 'b', 'c']) outage.fail(problem, digest, 0);
      outage.begin();
      expect(outage.fail(odd, 'odd', 1_000)).toBe(0);
      expect(outage.hold(1_000)).toBeUndefined();
    }
  });

  it('never holds back for more than a minute, and never for good', () => {
    const blame = fc.constantFrom(...(['token', 'credentials', 'load', 'endpoint'] as const));
    const problem = fc.record({ blame, retryAfterMs: fc.integer({ min: 0, max: 1e9 }) });
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
            else outage.fail(new IntrospectionProblem('idp_unavailable', 'x', each), String(now), now);
          }
          expect(outage.hold(now)?.retryAfterMs ?? 1).toBeGreaterThan(0);
          expect(outage.hold(now)?.retryAfterMs ?? 0).toBeLessThanOrEqual(60_000);
          expect(outage.hold(now + 60_000)).toBeUndefined();
        }
      }),
    );
  });
});
