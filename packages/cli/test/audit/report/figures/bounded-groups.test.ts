import { expect, it } from 'vitest';
import { BoundedGroups } from '../../../../src/audit/report/figures/bounded-groups.ts';

interface Row {
  readonly name: string;
  count: number;
}

function seen(groups: BoundedGroups<Row>, ...texts: readonly string[]): void {
  const row = groups.rowOf(texts, () => ({ name: texts.join('|'), count: 0 }));
  if (row !== undefined) row.count += 1;
}

it('has one row for the same texts, and another for texts that only look the same together', () => {
  const groups = new BoundedGroups<Row>();
  seen(groups, 'a', 'bc');
  seen(groups, 'ab', 'c');
  seen(groups, 'a', 'bc');
  seen(groups, '__proto__', 'constructor');
  expect(groups.top(9, (a, b) => b.count - a.count).rows.map(({ name, count }) => [name, count])).toEqual([
    ['a|bc', 2],
    ['ab|c', 1],
    ['__proto__|constructor', 1],
  ]);
});

it('keeps no more rows than its limit, and counts what has none', () => {
  const groups = new BoundedGroups<Row>(3);
  for (let index = 0; index < 10; index += 1) seen(groups, `caller ${index}`, 'tool');
  seen(groups, 'caller 0', 'tool');
  seen(groups, 'caller 0', 'another');
  expect([groups.size, groups.left]).toEqual([3, 8]);
  expect(groups.top(2, (a, b) => b.count - a.count)).toEqual({
    rows: [
      { name: 'caller 0|tool', count: 2 },
      { name: 'caller 1|tool', count: 1 },
    ],
    more: 1,
  });
});
