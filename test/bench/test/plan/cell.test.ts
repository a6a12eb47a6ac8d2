import { expect, test } from 'vitest';

import { planCells, serverKey, type Cell } from '../../src/plan/cell.ts';
import { rows } from '../../src/plan/row.ts';

const all = planCells({ rows: rows.map(({ name }) => name), tools: [1, 14, 200], connections: 16, lists: false });
const of = (filter: Partial<Cell>): Cell[] =>
  all.filter((cell) => Object.entries(filter).every(([key, value]) => cell[key as keyof Cell] === value));

test('Every row with tools is measured with each number of tools, over one connection and over many.', () => {
  for (const row of ['sdk', 'official', 'sallyport'] as const) {
    const measured = of({ row, scenario: 'call' }).map(({ tools, connections }) => `${tools}/${connections}`);
    expect(measured).toEqual(['1/1', '14/1', '200/1', '1/16', '14/16', '200/16']);
  }
});

test('Only guarded rows are asked for distinct tokens and for refusals.', () => {
  const guarded = new Set(['official', 'sallyport']);
  for (const scenario of ['call-distinct', 'no-token', 'garbage-token', 'expired-token', 'wrong-scope'] as const) {
    const asked = of({ scenario });
    expect(new Set(asked.map((cell) => cell.row))).toEqual(guarded);
  }
});

test('Rows without tools have one server.', () => {
  expect(new Set(of({ row: 'express' }).map(serverKey)).size).toBe(1);
});

test('A filter of rows leaves only those.', () => {
  const cells = planCells({ rows: ['sdk'], tools: [1], connections: 4, lists: false });
  expect(new Set(cells.map((cell) => cell.row))).toEqual(new Set(['sdk']));
});

test('Lists are measured bare and guarded, whatever the rows are.', () => {
  const cells = planCells({ rows: [], tools: [1], connections: 4, lists: true });
  expect(cells.map(({ row, tools, scenario }) => `${row} ${scenario} ${tools}`)).toEqual([
    'sdk list 1000',
    'sallyport list 1000',
  ]);
});
