import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createKeyedHash } from '../../src/audit/keyed-hash.ts';
import { SetupError } from '../../src/errors/setup-error.ts';

const key = Buffer.alloc(32, 7);

describe('createKeyedHash', () => {
  test('is HMAC-SHA-256 over the parts of the domain behind their lengths, then the value', () => {
    const expected = createHmac('sha256', key).update('2;3:jti11:https://as/value').digest('base64url');
    expect(createKeyedHash(key).hash('value', 'jti', 'https://as/')).toBe(`hmac-sha256:k1:${expected}`);
  });

  test('is the same for long values, in pieces, and with a domain that is begun before', () => {
    const hash = createKeyedHash(key);
    for (const value of [
      '',
      'short',
      'x'.repeat(1_020),
      'x'.repeat(1_025),
      '€'.repeat(400),
      '\ud800',
      'y'.repeat(100_000),
    ]) {
      const expected = createHmac('sha256', key).update(`2;1:a2:/b${value}`).digest('base64url');
      expect(hash.hash(value, 'a', '/b')).toBe(`hmac-sha256:k1:${expected}`);
      expect(hash.within('a')(value, '/b')).toBe(hash.hash(value, 'a', '/b'));
      const pieces = hash.begin('a', '/b');
      pieces.update(value.slice(0, 3));
      pieces.update(value.slice(3));
      expect(pieces.digest()).toBe(hash.hash(value, 'a', '/b'));
    }
  });

  test('works with keys of any length', () => {
    for (const length of [32, 63, 64, 65, 200]) {
      const long = Buffer.alloc(length, 9);
      const expected = createHmac('sha256', long).update('0;v').digest('base64url');
      expect(createKeyedHash(long).hash('v')).toBe(`hmac-sha256:k1:${expected}`);
    }
  });

  test('hashes no two inputs alike', () => {
    const { hash } = createKeyedHash(key);
    const part = fc.string({ unit: fc.constantFrom('a', '1', ':', ';'), maxLength: 4 });
    const input = fc.tuple(part, fc.array(part, { maxLength: 3 }));
    fc.assert(
      fc.property(input, input, ([value, domain], [otherValue, otherDomain]) => {
        const same = JSON.stringify([value, domain]) === JSON.stringify([otherValue, otherDomain]);
        expect(hash(value, ...domain) === hash(otherValue, ...otherDomain)).toBe(same);
      }),
    );
  });

  test('depends on the key, and names it', () => {
    const other = createKeyedHash(Buffer.alloc(32, 8), { keyId: 'k2' });
    expect(other.keyId).toBe('k2');
    expect(other.hash('x')).toMatch(/^hmac-sha256:k2:[A-Za-z0-9_-]{43}$/);
    expect(other.hash('x').slice(15)).not.toBe(createKeyedHash(key).hash('x').slice(15));
  });

  test('keeps its own copy of the key', () => {
    const mutable = Buffer.from(key);
    const hash = createKeyedHash(mutable);
    const before = hash.hash('x');
    mutable.fill(0);
    expect(hash.hash('x')).toBe(before);
  });

  test('refuses a key of less than 32 bytes and says what to do', () => {
    const make = (): unknown => createKeyedHash(Buffer.alloc(31));
    expect(make).toThrow(SetupError);
    expect(make).toThrow(/31 bytes.*32 random bytes.*ERR_AUDIT_KEY/);
  });

  test.each(['', 'a:b', 'k'.repeat(17), 'é'])('refuses the key id %j', (keyId) => {
    expect(() => createKeyedHash(key, { keyId })).toThrow('ERR_AUDIT_KEY');
  });
});
