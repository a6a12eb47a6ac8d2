import { describe, expect, test } from 'vitest';
import { createKeyedHash } from '../../src/audit/keyed-hash.ts';
import { recordedName, recordedText } from '../../src/audit/recorded-text.ts';

const hash = createKeyedHash(Buffer.alloc(32, 7));

describe('recordedText', () => {
  test('leaves an ordinary text alone, line breaks included: JSON escapes them', () => {
    expect(recordedText('a\r\nlevel=info allow', 256, hash)).toBe('a\r\nlevel=info allow');
  });

  test('bounds a long one and keeps long ones different', () => {
    const first = recordedText(`${'Mozilla '.repeat(100)}1`, 256, hash);
    const second = recordedText(`${'Mozilla '.repeat(100)}2`, 256, hash);
    expect(first).toHaveLength(256);
    expect(first.startsWith('Mozilla Mozilla')).toBe(true);
    expect(second).not.toBe(first);
  });

  test('hashes what looks like a credential', () => {
    expect(recordedText('agent Bearer 0123456789abcdef', 256, hash)).toMatch(/^hmac-sha256:k1:/);
  });

  test('does not look through all of a huge text', () => {
    const late = `${'a '.repeat(10_000)}Bearer 0123456789abcdef`;
    const recorded = recordedText(late, 256, hash);
    expect(recorded.startsWith('a a a')).toBe(true);
    expect(recorded).toHaveLength(256);
    expect(recorded).not.toContain('Bearer');
  });

  test('replaces lone surrogates', () => {
    expect(recordedText('a\udfff', 256, hash)).toBe('a\ufffd');
  });
});

describe('recordedName', () => {
  test('leaves an ordinary name alone', () => {
    for (const name of ['id', 'größe', '🎉', '', 'a b']) expect(recordedName(name, hash)).toBe(name);
  });

  test('hashes a name that is a credential', () => {
    expect(recordedName(`Bearer ${'x'.repeat(500)}`, hash)).toMatch(/^hmac-sha256:k1:/);
  });

  test('makes a name of nothing but invisible characters visible and short', () => {
    const name = recordedName('\u202e'.repeat(128), hash);
    expect(name.startsWith(String.raw`\u{202e}\u{202e}`)).toBe(true);
    expect(name.length).toBeLessThanOrEqual(128);
  });
});
