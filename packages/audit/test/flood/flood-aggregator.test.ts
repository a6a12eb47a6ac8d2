import type { AuditEntry, Clock } from '@sallyport/core';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FloodAggregator, isAnonymousRefusal } from '../../src/flood/flood-aggregator.ts';
import { alice, anonymous } from '../support/entries.ts';

/** A clock that a test moves. */
class HeldClock implements Clock {
  ms = Date.parse('2026-11-20T21:00:00.000Z');
  now(): number {
    return this.ms;
  }
  monotonicNs(): bigint {
    return BigInt(this.ms) * 1_000_000n;
  }
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function aggregator(): { flood: FloodAggregator; clock: HeldClock; records: { entry: AuditEntry; count: number }[] } {
  const records: { entry: AuditEntry; count: number }[] = [];
  const clock = new HeldClock();
  const flood = new FloodAggregator({
    clock,
    record: async (entry, count) => {
      records.push({ entry, count });
    },
  });
  return { flood, clock, records };
}

/** Offers an entry several times and returns how many were left to be recorded one by one. */
function offer(flood: FloodAggregator, entry: AuditEntry, times: number, pressed = false): number {
  let single = 0;
  for (let index = 0; index < times; index++) {
    if (flood.offer(entry, pressed) === undefined) single += 1;
  }
  return single;
}

test('the first hundred of a second are recorded one by one, the rest is counted exactly', () => {
  const { flood, clock, records } = aggregator();
  expect(offer(flood, anonymous(), 150)).toBe(100);
  clock.ms += 250;
  expect(offer(flood, anonymous('192.0.2.99'), 7)).toBe(0);
  flood.flush();
  expect(records).toEqual([
    {
      count: 57,
      entry: {
        type: 'audit.aggregated',
        decision: { effect: 'deny', reason: 'no_token' },
        detail: {
          of: 'auth.failure',
          network: '192.0.2.0/24',
          count: 57,
          firstAt: '2026-11-20T21:00:00.000Z',
          lastAt: '2026-11-20T21:00:00.250Z',
        },
      },
    },
  ]);
});

test('reasons and networks are counted apart', () => {
  const { flood, records } = aggregator();
  offer(flood, anonymous('192.0.2.1', 'no_token'), 101);
  offer(flood, anonymous('192.0.2.1', 'expired'), 102);
  offer(flood, anonymous('198.51.100.1', 'no_token'), 103);
  flood.flush();
  expect(records.map(({ count }) => count)).toEqual([1, 2, 3]);
});

test('every second begins anew, with its own record', () => {
  const { flood, clock, records } = aggregator();
  offer(flood, anonymous(), 130);
  clock.ms += 1000;
  expect(offer(flood, anonymous(), 110)).toBe(100);
  expect(records.map(({ count }) => count)).toEqual([30]);
  flood.flush();
  expect(records.map(({ count }) => count)).toEqual([30, 10]);
});

test('a window without more refusals ends by itself', async () => {
  const { flood, records } = aggregator();
  offer(flood, anonymous(), 101);
  await vi.advanceTimersByTimeAsync(1000);
  expect(records).toHaveLength(1);
});

test('a window in which nothing was counted leaves no record', () => {
  const { flood, records } = aggregator();
  offer(flood, anonymous(), 100);
  flood.flush();
  expect(records).toEqual([]);
});

test('addresses beyond a thousand networks share a count, which is still exact', () => {
  const { flood, records } = aggregator();
  let single = 0;
  const networks = 3000;
  for (let index = 0; index < networks; index++)
    single += offer(flood, anonymous(`10.${index >> 8}.${index & 255}.1`), 2);
  flood.flush();
  expect(records).toHaveLength(1);
  expect(records[0]?.entry.detail).toMatchObject({ network: 'other' });
  expect(single + (records[0]?.count ?? 0)).toBe(2 * networks);
});

test('under pressure everything is counted from the first one on', () => {
  const { flood, records } = aggregator();
  expect(offer(flood, anonymous(), 5, true)).toBe(0);
  flood.flush();
  expect(records[0]?.count).toBe(5);
});

test('what was counted waits for its record', async () => {
  let written = (): void => undefined;
  const record = new Promise<void>((resolve) => {
    written = resolve;
  });
  const flood = new FloodAggregator({ clock: new HeldClock(), record: () => record });
  offer(flood, anonymous(), 100);
  const counted = flood.offer(anonymous(), false);
  const seen = vi.fn();
  void counted?.then(seen);
  flood.flush();
  await vi.advanceTimersByTimeAsync(0);
  expect(seen).not.toHaveBeenCalled();
  written();
  await counted;
});

test('only refusals of somebody unknown are counted', () => {
  expect(isAnonymousRefusal(anonymous())).toBe(true);
  expect(isAnonymousRefusal({ type: 'request.refused' })).toBe(true);
  expect(isAnonymousRefusal({ ...anonymous(), principal: alice })).toBe(false);
  expect(isAnonymousRefusal({ type: 'mcp.decision' })).toBe(false);
});
