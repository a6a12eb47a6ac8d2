import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CallGate, GateFull } from '../../src/introspection/call-gate.ts';

interface Call {
  readonly done: () => void;
  readonly fail: () => void;
}

function gate(maxRunning: number, maxWaiting: number) {
  let now = 0;
  const running: Call[] = [];
  const made = new CallGate({ maxRunning, maxWaiting, maxWaitMs: 100, now: () => now });
  return {
    running,
    pass: (ms: number): void => {
      now += ms;
    },
    call: (preferred = false): Promise<string> =>
      made.run(
        () =>
          new Promise<string>((resolve, reject) => {
            running.push({ done: () => resolve('done'), fail: () => reject(new Error('failed')) });
          }),
        preferred,
      ),
  };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('CallGate', () => {
  it('runs so many calls at once and the others in their order', async () => {
    const { running, call } = gate(2, 2);
    const calls = [call(), call(), call(), call()];
    await turn();
    expect(running).toHaveLength(2);
    await expect(call()).rejects.toBeInstanceOf(GateFull);
    running[0]?.done();
    await turn();
    expect(running).toHaveLength(3);
    for (const { done } of running) done();
    await turn();
    running.at(-1)?.done();
    expect(await Promise.all(calls)).toEqual(['done', 'done', 'done', 'done']);
  });

  it('frees the place of a call that fails', async () => {
    const { running, call } = gate(1, 0);
    const failed = call();
    await turn();
    running[0]?.fail();
    await expect(failed).rejects.toThrow('failed');
    const next = call();
    await turn();
    running[1]?.done();
    expect(await next).toBe('done');
  });

  it('refuses who waited too long, and lets the next one in', async () => {
    const { running, call, pass } = gate(1, 2);
    const first = call();
    const late = call();
    await turn();
    pass(60);
    const fresh = call();
    pass(60);
    running[0]?.done();
    await expect(late).rejects.toBeInstanceOf(GateFull);
    await turn();
    running[1]?.done();
    expect(await Promise.all([first, fresh])).toEqual(['done', 'done']);
  });

  it('lets preferred calls go first, also when there is no room to wait', async () => {
    const { running, call } = gate(1, 2);
    const first = call();
    const waits = call();
    const last = call();
    const preferred = call(true);
    await expect(last).rejects.toBeInstanceOf(GateFull);
    await turn();
    running[0]?.done();
    expect(await first).toBe('done');
    await turn();
    running[1]?.done();
    expect(await preferred).toBe('done');
    await turn();
    running[2]?.done();
    expect(await waits).toBe('done');
  });

  it('refuses preferred calls too when nobody else waits', async () => {
    const { running, call } = gate(1, 1);
    const calls = [call(true), call(true)];
    await expect(call(true)).rejects.toBeInstanceOf(GateFull);
    await turn();
    running[0]?.done();
    await turn();
    running[1]?.done();
    expect(await Promise.all(calls)).toEqual(['done', 'done']);
  });

  it('never runs more than it may, and never forgets a call', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 0, max: 3 }),
        fc.array(fc.constantFrom('call', 'done', 'fail', 'pass'), { maxLength: 40 }),
        async (maxRunning, maxWaiting, steps) => {
          const { running, call, pass } = gate(maxRunning, maxWaiting);
          const outcomes: Promise<unknown>[] = [];
          let finished = 0;
          for (const step of steps) {
            if (step === 'call') outcomes.push(call().catch((error: unknown) => error));
            if (step === 'pass') pass(60);
            const next = running[finished];
            if ((step === 'done' || step === 'fail') && next !== undefined) {
              next[step]();
              finished += 1;
            }
            await turn();
            expect(running.length - finished).toBeLessThanOrEqual(maxRunning);
          }
          while (finished < running.length) {
            running[finished]?.done();
            finished += 1;
            await turn();
          }
          expect(await Promise.all(outcomes)).toHaveLength(outcomes.length);
        },
      ),
      { numRuns: 50 },
    );
  });
});
