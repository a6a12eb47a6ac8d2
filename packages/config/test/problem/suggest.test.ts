import { describe, expect, it } from 'vitest';
import { suggestField } from '../../src/problem/suggest.ts';

describe('suggestField', () => {
  it('finds the field of the same object that a slip stands for', () => {
    expect(suggestField([], 'resorce')).toBe('resource');
    expect(suggestField([], 'Clock_Skew_Seconds')).toBe('clockSkewSeconds');
    expect(suggestField(['issuers', 3], 'audiance')).toBe('issuers[3].audience');
    expect(suggestField(['audit'], 'dirctory')).toBe('audit.directory');
  });

  it('finds a field that stands in another place', () => {
    expect(suggestField([], 'hashKey')).toBe('audit.hashKey');
    expect(suggestField(['audit'], 'audience')).toBe('issuers[0].audience');
  });

  it('finds nothing where nothing is close', () => {
    for (const name of ['', 'zz', 'constructor', '__proto__', 'toString', 'x'.repeat(10_000)]) {
      expect(suggestField([], name)).toBeUndefined();
    }
  });
});
