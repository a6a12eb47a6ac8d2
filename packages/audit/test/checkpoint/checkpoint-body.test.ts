import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatCheckpoint, NoteError, parseCheckpoint } from '../../src/index.ts';

const root = 'CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=';

test('the checkpoint of the specification is read and written back', () => {
  const text = `example.com/behind-the-sofa\n20852163\n${root}\n`;
  const checkpoint = parseCheckpoint(text);
  expect(checkpoint).toEqual({
    origin: 'example.com/behind-the-sofa',
    size: 20_852_163,
    root: Buffer.from(root, 'base64'),
  });
  expect(formatCheckpoint(checkpoint)).toBe(text);
});

test('extension lines are kept', () => {
  const text = `example.com/log\n0\n${root}\nfirst\nsecond\n`;
  expect(parseCheckpoint(text).extensions).toEqual(['first', 'second']);
  expect(formatCheckpoint(parseCheckpoint(text))).toBe(text);
});

test.each([
  ['an empty origin', `\n1\n${root}\n`],
  ['a leading zero', `log\n01\n${root}\n`],
  ['a sign', `log\n+1\n${root}\n`],
  ['a fraction', `log\n1.0\n${root}\n`],
  ['an exponent', `log\n1e3\n${root}\n`],
  ['white space', `log\n 1\n${root}\n`],
  ['no size', `log\n\n${root}\n`],
  ['a size beyond 2^53', `log\n9007199254740992\n${root}\n`],
  ['a size of twenty digits', `log\n18446744073709551615\n${root}\n`],
  ['a root of 31 bytes', `log\n1\n${Buffer.alloc(31).toString('base64')}\n`],
  ['a root without padding', `log\n1\n${root.slice(0, -1)}\n`],
  ['a root in Base64url', `log\n1\n${root.replace('/', '_')}\n`],
  ['a root that is not canonical', `log\n1\n${root.replace('2I=', '2J=')}\n`],
  ['an empty extension line', `log\n1\n${root}\n\nmore\n`],
  ['no last line feed', `log\n1\n${root}`],
  ['two lines', 'log\n1\n'],
])('a checkpoint with %s is refused', (_, text) => {
  expect(() => parseCheckpoint(text)).toThrow(NoteError);
});

test('what is written is read back, whatever it is', () => {
  const line = fc.stringMatching(/^[!-~]{1,40}$/);
  fc.assert(
    fc.property(line, fc.maxSafeNat(), fc.uint8Array({ minLength: 32, maxLength: 32 }), (origin, size, bytes) => {
      const text = formatCheckpoint({ origin, size, root: bytes });
      expect(parseCheckpoint(text)).toEqual({ origin, size, root: Buffer.from(bytes) });
    }),
  );
});
