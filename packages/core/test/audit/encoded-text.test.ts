import { expect, test } from 'vitest';
import { isEncoded } from '../../src/audit/encoded-text.ts';

test.each([
  ['a data URL', 'data:image/png;base64,iVBORw0K'],
  ['Base64', 'A'.repeat(128)],
  ['hexadecimal', 'deadbeef'.repeat(16)],
  ['Base64url with its padding', `${'a-_'.repeat(60)}==`],
  ['visible characters without a space', `${'{a}'.repeat(100)}${' end'.repeat(100)}`],
  ['bytes that end in something else, far behind what is shown', `${'A'.repeat(5_000_000)} end`],
])('knows %s', (_what, text) => {
  expect(isEncoded(text)).toBe(true);
});

test.each([
  ['', 'nothing'],
  ['abc', 'a word'],
  [`${'A'.repeat(200)} end`, 'a long word in a short text'],
  ['data: and then', 'a word with a colon'],
  ['hello world '.repeat(100_000), 'a long text'],
])('does not take %.20j for bytes: %s', (text) => {
  expect(isEncoded(text)).toBe(false);
});
