import { describe, expect, test } from 'vitest';

import { createDecider } from '../../src/policy/create-decider.ts';
import { policyCases, policySpans, spanName } from '../../src/policy/policy-case.ts';
import { runDecider } from '../../src/policy/run-decider.ts';

describe.each(policyCases)('The case $name', (policyCase) => {
  test('is decided as it must be, by every tool that is called.', async () => {
    const decider = await createDecider(policyCase, { tools: 40, called: 20 });
    for (let call = 0; call < 45; call += 1) expect(decider.decide()).toBe(policyCase.effect);
  });
});

test('A wrong decision ends a round.', () => {
  let calls = 0;
  const decider = { decide: () => ((calls += 1) < 5 ? ('allow' as const) : ('deny' as const)) };
  expect(runDecider(decider, 'allow', 10_000)).toMatchObject({ calls: 5, wrong: 'wrong decision: not allow' });
});

test('A round ends after its time.', () => {
  const result = runDecider({ decide: () => 'deny' }, 'deny', 1);
  expect(result.calls).toBeGreaterThanOrEqual(256);
  expect(result.wrong).toBeUndefined();
});

test('Cards with 10,000 tools can be written, and spans have names.', async () => {
  const [, , most = { tools: 0, called: 0 }] = policySpans;
  const longest = policyCases.find(({ name }) => name === 'condition');
  if (longest === undefined) throw new Error('there is no such case');
  expect((await createDecider(longest, most)).decide()).toBe('allow');
  expect(policySpans.map(spanName)).toEqual(['10 tools', '1000 tools', '10000 tools', '1000 of 10000']);
}, 60_000);
