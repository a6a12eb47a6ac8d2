import { expect, test } from 'vitest';
import { concealedTexts } from '../../src/audit/concealed-texts.ts';
import type { JsonValue } from '../../src/call/json.ts';

test('finds what is secret by pointer and by name, and everything below it', () => {
  const value = {
    pin: '4711-0815',
    memo: 'for lunch',
    password: { old: 'correct horse', hint: [12_345, true, null] },
    to: { iban: 'DE89370400440532013000' },
  };
  expect(concealedTexts(value, ['/to/iban'])).toEqual([
    '4711-0815',
    'correct horse',
    '12345',
    'DE89370400440532013000',
  ]);
});

test('leaves out what is too short to be found in a text, and shortens what is long', () => {
  expect(concealedTexts({ pin: '123', secret: 'x'.repeat(500) }, [])).toEqual(['x'.repeat(64)]);
});

test('everything is secret for the empty pointer', () => {
  expect(concealedTexts({ a: ['one thing', 'another'] }, [''])).toEqual(['one thing', 'another']);
});

test('sees a secret behind 5,000 other values, and conceals everything when there is more than it looks at', () => {
  const pin = '4711-canary';
  expect(concealedTexts({ rows: Array.from({ length: 5_000 }, () => 0), pin }, ['/pin'])).toEqual([pin]);
  expect(concealedTexts({ rows: Array.from({ length: 20_000 }, () => 0), pin }, ['/pin'])).toEqual(['']);
});

test('is bounded, and takes whatever comes', () => {
  const many = { secret: Array.from({ length: 10_000 }, (_, index) => `secret ${index}`) };
  expect(concealedTexts(many, [])).toEqual(['']);
  const cycle: Record<string, unknown> = { secret: 'of a cycle' };
  cycle['self'] = cycle;
  expect(concealedTexts(cycle as JsonValue, [])).toEqual(['']);
  const broken = {
    get secret(): string {
      throw new Error('broken');
    },
  };
  expect(concealedTexts(broken, [])).toEqual([]);
});
