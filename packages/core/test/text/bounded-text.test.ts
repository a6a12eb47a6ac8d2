import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { boundedText, wellFormed } from '../../src/text/bounded-text.ts';

describe('boundedText', () => {
  test('leaves a text alone that fits', () => {
    expect(boundedText('grüße 🎉', 8)).toBe('grüße 🎉');
    expect(boundedText('', 1)).toBe('');
  });

  test('ends a longer one in an ellipsis', () => {
    expect(boundedText('abcdef', 4)).toBe('abc…');
  });

  test('cuts no surrogate pair in two', () => {
    expect(boundedText('ab🎉cd', 4)).toBe('ab…');
    expect(boundedText('ab🎉cd', 5)).toBe('ab🎉…');
  });

  test('gives well-formed text within the limit for any input', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '\ud83c', '\udf89', '🎉') });
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 12 }), (input, limit) => {
        const output = boundedText(input, limit);
        expect(output.length).toBeLessThanOrEqual(limit);
        expect(Buffer.from(output).toString()).toBe(output);
      }),
    );
  });
});

describe('wellFormed', () => {
  test('replaces lone surrogates', () => {
    expect(wellFormed('a\ud800b')).toBe('a\ufffdb');
    expect(wellFormed('a🎉b')).toBe('a🎉b');
  });
});
