import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runAt } from '../../src/edge/run-at.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const day = 24 * 60 * 60 * 1_000;
const clock = { now: () => Date.now(), monotonicNs: () => 0n };

describe('runAt', () => {
  it.each([
    ['a moment', 1],
    ['a minute and a moment', 60_001],
    ['longer than a timer can', 60 * day],
  ])('waits %s, and runs once', (_name, delayMs) => {
    const run = vi.fn();
    runAt(clock, Date.now() + delayMs, run);
    vi.advanceTimersByTime(delayMs - 1);
    expect(run).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(run).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(day);
    expect(run).toHaveBeenCalledTimes(1);
  });

  it('runs at once what is due', () => {
    const run = vi.fn();
    runAt(clock, Date.now(), run);
    expect(run).toHaveBeenCalledTimes(1);
  });

  it('notices within a minute that the clock was set', () => {
    let ahead = 0;
    const run = vi.fn();
    runAt({ ...clock, now: () => Date.now() + ahead }, Date.now() + day, run);
    ahead = day;
    vi.advanceTimersByTime(60_000);
    expect(run).toHaveBeenCalledTimes(1);
  });

  it('does not run when it is cancelled', () => {
    const run = vi.fn();
    const cancel = runAt(clock, Date.now() + 2 * day, run);
    vi.advanceTimersByTime(day);
    cancel();
    vi.advanceTimersByTime(2 * day);
    expect(run).not.toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(0);
  });
});
