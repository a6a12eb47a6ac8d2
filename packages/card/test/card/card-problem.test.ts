import { describe, expect, it } from 'vitest';
import { onOneLine, show, toPointer } from '../../src/card/card-problem.ts';

describe('messages about cards', () => {
  it('escape JSON pointers as RFC 6901 says', () => {
    expect(toPointer(['a/b', 0, '~', ''])).toBe('/a~1b/0/~0/');
  });

  it('stay on one line and keep their direction, whatever a card contains', () => {
    expect(onOneLine('a\nb\r\u001b[31m\u202E\u2028\u200b\ud800é')).toBe(
      String.raw`a\u000ab\u000d\u001b[31m\u202e\u2028\u200b\ud800` + 'é',
    );
  });

  it.each([
    ['x', '"x"'],
    ['x'.repeat(61), `"${'x'.repeat(59)}…"`],
    [undefined, 'nothing'],
    [null, 'null'],
    [[1], 'a list'],
    [{}, 'an object'],
    [3, '3'],
    [() => 1, 'a function'],
  ])('show %j as %s', (value, text) => {
    expect(show(value)).toBe(text);
  });
});
