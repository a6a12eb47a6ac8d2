import { expect, it } from 'vitest';
import { formatPath } from '../../src/problem/field-path.ts';

it('writes a path as people do, and quotes unusual names', () => {
  expect(formatPath([])).toBe('');
  expect(formatPath(['issuers', 0, 'audience', 12])).toBe('issuers[0].audience[12]');
  expect(formatPath(['card', 'a b', 'c'])).toBe('card["a b"].c');
  expect(formatPath(['', '1'])).toBe('[""]["1"]');
  expect(formatPath(['x'.repeat(100)])).toBe(`["${'x'.repeat(80)}…"]`);
});
