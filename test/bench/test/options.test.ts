import { expect, test } from 'vitest';

import { readOptions } from '../src/options.ts';

test('Without options every row is measured with 1, 14 and 200 tools.', () => {
  expect(readOptions([])).toMatchObject({ tools: [1, 14, 200], rounds: 5, roundMs: 1000, connections: 16 });
});

test('A quick run is shorter, and single options still win.', () => {
  expect(readOptions(['--', '--quick'])).toMatchObject({ tools: [1, 14], rounds: 2, roundMs: 300 });
  expect(readOptions(['--quick', '--rounds', '4', '--rows', 'sdk'])).toMatchObject({ rounds: 4, rows: ['sdk'] });
});

test('The checks of tokens are part of a run, and can be all of it or none.', () => {
  expect(readOptions([])).toMatchObject({ tokens: true, invalidTokens: 1_000_000 });
  expect(readOptions(['--rows', 'tokens', '--invalid-tokens', '50'])).toMatchObject({
    rows: [],
    tokens: true,
    invalidTokens: 50,
  });
  expect(readOptions(['--rows', 'express,tokens'])).toMatchObject({ rows: ['express'], tokens: true });
  expect(readOptions(['--rows', 'sdk'])).toMatchObject({ tokens: false, policy: false });
});

test('Decisions are a part, too.', () => {
  expect(readOptions([])).toMatchObject({ policy: true });
  expect(readOptions(['--rows', 'policy'])).toMatchObject({ rows: [], tokens: false, policy: true });
  expect(readOptions(['--rows', 'card'])).toMatchObject({ rows: [], policy: false, card: true });
});

test('So is the writing of a log.', () => {
  expect(readOptions([])).toMatchObject({ audit: true });
  expect(readOptions(['--rows', 'audit'])).toMatchObject({ rows: [], tokens: false, verify: false, audit: true });
});

test('So is the verification of a log.', () => {
  expect(readOptions([])).toMatchObject({ verify: true, verifyCalls: 250_000 });
  expect(readOptions(['--quick', '--rows', 'verify'])).toMatchObject({ rows: [], tokens: false, verify: true });
  expect(readOptions(['--rows', 'sdk'])).toMatchObject({ verify: false });
});

test('So are the commands of the analyst.', () => {
  expect(readOptions([])).toMatchObject({ analyst: true, analystRecords: 1_000_000 });
  expect(readOptions(['--quick', '--rows', 'analyst'])).toMatchObject({
    rows: [],
    verify: false,
    analyst: true,
    analystRecords: 50_000,
  });
});

test.each([
  [['--rows', 'fast'], '--rows: fast is not one of'],
  [['--tools', '1,x'], '--tools: x is not a whole number'],
  [['--rounds', '0'], '--rounds: 0 is not a whole number from 1'],
  [['--faster'], '--faster'],
])('%j is refused with a line that says why.', (args, message) => {
  expect(() => readOptions(args)).toThrow(message);
});
