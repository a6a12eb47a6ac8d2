import { describe, expect, it } from 'vitest';
import { parseBaggage } from '../../src/trace/baggage.ts';

function entries(value: unknown): unknown {
  return parseBaggage(value)?.getAllEntries();
}

describe('parseBaggage', () => {
  it('reads members, percent-encoded values and properties', () => {
    expect(entries('userId=alice')).toEqual([['userId', { value: 'alice' }]]);
    expect(entries('node=DF%2028, empty= ,\tb=a=b')).toEqual([
      ['node', { value: 'DF 28' }],
      ['empty', { value: '' }],
      ['b', { value: 'a=b' }],
    ]);
    expect(parseBaggage('k=v ; ttl=3;flag')?.getEntry('k')?.metadata?.toString()).toBe('ttl=3;flag');
  });

  // @verifies G-25
  it.each([
    ['nothing', undefined],
    ['a number', 7],
    ['an object', { key: 'value' }],
    ['an empty text', ''],
    ['a member without an equals sign', 'a=1,b'],
    ['an empty member', 'a=1,,b=2'],
    ['an empty key', '=1'],
    ['a key with a space in it', 'a b=1'],
    ['a value with a space in it', 'a=1 2'],
    ['a value with a quote', 'a="1"'],
    ['a line break', 'a=1\r\nSet-Cookie: x=1'],
    ['a NUL', 'a=\0'],
    ['letters outside ASCII', 'a=ä'],
    ['percent signs that encode nothing', 'a=%zz'],
    ['bytes that are no UTF-8', 'a=%ff'],
    ['a malformed property', 'a=1;b c'],
    ['a key that is there twice', 'a=1,a=2'],
    ['more than 8,192 characters', `a=${'x'.repeat(8_191)}`],
    ['more than 64 members', Array.from({ length: 65 }, (_, index) => `k${index}=1`).join(',')],
  ])('drops %s as a whole', (_what, value) => {
    expect(parseBaggage(value)).toBeUndefined();
  });

  it('takes what W3C asks everybody to pass on: 64 members, 8,192 characters', () => {
    expect(
      parseBaggage(Array.from({ length: 64 }, (_, index) => `k${index}=1`).join(','))?.getAllEntries(),
    ).toHaveLength(64);
    expect(parseBaggage(`a=${'x'.repeat(8_190)}`)).toBeDefined();
  });

  it('takes names that mean something to JavaScript for names', () => {
    expect(entries('__proto__=1,constructor=2')).toEqual([
      ['__proto__', { value: '1' }],
      ['constructor', { value: '2' }],
    ]);
    expect(({} as Record<string, unknown>)['value']).toBeUndefined();
  });

  it('is done at once with a text of blanks', () => {
    expect(parseBaggage(`a=1;${' \t'.repeat(4_000)}x y`)).toBeUndefined();
  });
});
