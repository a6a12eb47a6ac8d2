import { expect, test } from 'vitest';

import { measureFlood, splitFlood } from '../../src/flood/measure-flood.ts';
import type { FloodOrder, FloodResult } from '../../src/flood/protocol.ts';

const mebibyte = 2 ** 20;

test('The kinds of a flood make its number, whatever that is.', () => {
  expect(splitFlood(1_000_000).map(({ count }) => count)).toEqual([500_000, 250_000, 250_000]);
  expect(splitFlood(7).reduce((sum, { count }) => sum + count, 0)).toBe(7);
});

/** A guard that grows by a mebibyte and asks the issuer once for every order. */
function flood(wrong?: string): ReturnType<typeof measureFlood> {
  let orders = 0;
  const weigh = (): FloodResult => ({
    elapsedMs: 500,
    rssBytes: (100 + orders) * mebibyte,
    heapBytes: 10 * mebibyte,
    ...(wrong === undefined || orders < 5 ? {} : { wrong }),
  });
  const guard = {
    next: <T>() => Promise.resolve(weigh() as T),
    ask: <T>(_order: FloodOrder | object) => {
      orders += 1;
      return Promise.resolve(weigh() as T);
    },
  };
  return measureFlood({ guard, tokens: 40_000, requests: () => orders, onPhase: () => undefined });
}

test('Growth and requests count from the end of the warm-up.', async () => {
  const measured = await flood();
  expect(measured).toMatchObject({ tokens: 40_000, rssGrowthMiB: 3, requests: 3 });
  expect(measured.void).toBeUndefined();
  expect(
    measured.phases.map(({ kind, tokens, rssGrowthMiB, requests }) => [kind, tokens, rssGrowthMiB, requests]),
  ).toEqual([
    ['warm-up', 15_000, 3, 3],
    ['garbage', 20_000, 1, 1],
    ['unknown-key', 10_000, 2, 1],
    ['bad-signature', 10_000, 3, 1],
  ]);
});

test('A wrong outcome voids the flood.', async () => {
  expect(await flood('expected a refusal')).toHaveProperty('void', 'expected a refusal');
});
