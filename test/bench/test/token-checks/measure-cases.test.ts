import { expect, test } from 'vitest';

import { measureCases } from '../../src/token-checks/measure-cases.ts';
import type { CheckOrder, CheckResult } from '../../src/token-checks/protocol.ts';

function measure(rounds: number, answer: (order: CheckOrder) => CheckResult): ReturnType<typeof measureCases> {
  const checks = { ask: <T>(order: object) => Promise.resolve(answer(order as CheckOrder) as T) };
  return measureCases({ checks, rounds, roundMs: 5, onRound: () => undefined });
}

test('Every second round goes backwards, and the first does not count.', async () => {
  const asked: string[] = [];
  const measured = await measure(1, ({ name, subject }) => {
    asked.push(`${name}/${subject}`);
    return { calls: 10, cpuMicros: 20 };
  });
  const half = asked.length / 2;
  expect(asked.slice(half)).toEqual(asked.slice(0, half).toReversed());
  expect(measured.map(({ rounds }) => rounds.length)).toEqual(Array.from({ length: half }, () => 1));
});

test('A wrong outcome voids its figure, which is not asked for again, and no other.', async () => {
  let times = 0;
  const measured = await measure(3, ({ name, subject }) => {
    if (name !== 'rs256' || subject !== 'official') return { calls: 10, cpuMicros: 20 };
    times += 1;
    return { calls: 1, cpuMicros: 1, wrong: 'no' };
  });
  expect(times).toBe(1);
  expect(measured.filter((item) => item.void !== undefined)).toEqual([
    { case: 'rs256', subject: 'official', rounds: [], void: 'no' },
  ]);
  expect(measured[0]?.rounds[0]).toEqual({ calls: 10, cpuMicrosPerCall: 2 });
});
