import { expect, test } from 'vitest';

import { policyCases, policySpans } from '../../src/policy/policy-case.ts';
import type { DecideOrder, DecideResult, ListOrder, ListResult } from '../../src/policy/protocol.ts';
import { measurePolicy } from '../../src/policy/run-policy-checks.ts';

type Order = DecideOrder | ListOrder;

/** A process that answers every order with the same cost, but for what `wrong` says. */
function answering(wrong: (what: string) => string | undefined): {
  readonly asked: Order[];
  readonly ask: <Answer>(order: object) => Promise<Answer>;
} {
  const asked: Order[] = [];
  const result = (what: string): DecideResult => {
    const problem = wrong(what);
    return { calls: 10, cpuMicros: 20, ...(problem === undefined ? {} : { wrong: problem }) };
  };
  const answer = (order: Order): DecideResult | ListResult =>
    'lists' in order ? { served: result('served'), filtered: result('filtered') } : result(order.name);
  return {
    asked,
    ask: <Answer>(order: object) => {
      asked.push(order as Order);
      return Promise.resolve(answer(order as Order) as Answer);
    },
  };
}

const options = { rounds: 2, roundMs: 7, say: () => undefined };

test('Every case is measured with every number of tools, and the first round does not count.', async () => {
  const child = answering(() => undefined);
  const { decisions, lists } = await measurePolicy(() => child, options);
  expect(decisions).toHaveLength(policyCases.length * policySpans.length);
  for (const { rounds } of [...decisions, ...lists])
    expect(rounds).toEqual([
      { calls: 10, cpuMicrosPerCall: 2 },
      { calls: 10, cpuMicrosPerCall: 2 },
    ]);
  expect(lists.map(({ list }) => list)).toEqual(['served', 'filtered']);
  expect(child.asked).toHaveLength(3 * (decisions.length + 1));
});

test('What is wrong once is void.', async () => {
  const child = answering((what) => (what === 'filtered' || what === 'refusal' ? `wrong ${what}` : undefined));
  const { decisions, lists } = await measurePolicy(() => child, options);
  expect(lists[1]).toEqual({ list: 'filtered', rounds: [], void: 'wrong filtered' });
  expect(lists[0]?.rounds).toHaveLength(2);
  for (const item of decisions.filter((decision) => decision.case === 'refusal'))
    expect(item.void).toBe('wrong refusal');
  expect(child.asked.filter((order) => 'name' in order && order.name === 'refusal')).toHaveLength(policySpans.length);
});
