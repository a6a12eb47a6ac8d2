import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createExpiryQueue } from '../../src/ports/expiry-queue.ts';

describe('createExpiryQueue', () => {
  test('gives every key once, in the order of their ends, and none before its end', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1_000), { maxLength: 200 }), fc.nat(1_000), (ends, nowMs) => {
        const queue = createExpiryQueue();
        for (const [index, end] of ends.entries()) queue.push(`${index}`, end);
        const take = (at: number): number[] => {
          const taken: number[] = [];
          for (let key = queue.takeOver(at); key !== undefined; key = queue.takeOver(at))
            taken.push(ends[Number(key)] as number);
          return taken;
        };
        const sorted = ends.toSorted((a, b) => a - b);
        expect(take(nowMs)).toEqual(sorted.filter((end) => end <= nowMs));
        expect(take(1_000)).toEqual(sorted.filter((end) => end > nowMs));
      }),
    );
  });

  test('stays in order when keys come and go', () => {
    const queue = createExpiryQueue();
    queue.push('c', 30);
    queue.push('a', 10);
    expect(queue.takeOver(10)).toBe('a');
    queue.push('b', 20);
    expect(queue.takeOver(15)).toBeUndefined();
    expect([queue.takeOver(30), queue.takeOver(30), queue.takeOver(30)]).toEqual(['b', 'c', undefined]);
  });
});
