import { expect, test } from 'vitest';
import { OwedRecords } from '../../src/log/owed-records.ts';
import { outcome } from '../support/entries.ts';

const at = Date.parse('2026-11-20T21:00:00.000Z');

test('what is owed says how the attempt ended, and when', () => {
  const owed = new OwedRecords();
  owed.add(outcome('c'), at);
  owed.add({ type: 'stream.closed', call: 'c' }, at);
  const detail = { late: true, endedAt: '2026-11-20T21:00:00.000Z' };
  expect(owed.take()).toEqual([
    { type: 'mcp.outcome', call: 'c', outcome: { status: 'ok', durationMs: 3 }, detail },
    { type: 'stream.closed', call: 'c', detail },
  ]);
  expect(owed.take()).toEqual([]);
});

test('the latest end of an attempt counts', () => {
  const owed = new OwedRecords();
  owed.add(outcome('c'), at);
  owed.add({ type: 'mcp.outcome', call: 'c', outcome: { status: 'error' } }, at);
  expect(owed.take()).toMatchObject([{ outcome: { status: 'error' } }]);
});

test('what was taken and not written is owed again, unless a later end has come', () => {
  const owed = new OwedRecords();
  owed.add(outcome('c'), at);
  const [first] = owed.take();
  if (first === undefined) throw new Error('nothing is owed');
  owed.restore(first);
  expect(owed.take()).toEqual([first]);
  owed.add({ type: 'mcp.outcome', call: 'c', outcome: { status: 'error' } }, at);
  owed.restore(first);
  expect(owed.take()).toMatchObject([{ outcome: { status: 'error' } }]);
});
