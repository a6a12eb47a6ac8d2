import { describe, expect, it } from 'vitest';
import { keySetMembers, readKeySet, selectKey } from '../../src/keys/key-set.ts';
import { expectRefusal } from '../support/expect-refusal.ts';
import { createSigningKey, type SigningKey } from '../support/signing-key.ts';

const rsa1 = createSigningKey('RS256', 'r1');
const rsa2 = createSigningKey('RS256', 'r2');
const ec = createSigningKey('ES256', 'e1');

function jwk(key: SigningKey, changes: Record<string, unknown> = {}): never {
  return JSON.parse(JSON.stringify({ ...key.jwk, ...changes })) as never;
}

describe('selectKey', () => {
  it('finds a key by its id', () => {
    expect(selectKey(readKeySet([jwk(rsa1), jwk(rsa2)]), 'r2', 'RS256')?.kid).toBe('r2');
  });

  it('gives nothing for an id the set does not have', () => {
    for (const kid of ['nope', '', '__proto__', 'R1', '../../../../dev/null', "' UNION SELECT", 'x'.repeat(10_000)]) {
      expect(selectKey(readKeySet([jwk(rsa1)]), kid, 'RS256')).toBeUndefined();
    }
  });

  it('takes the only fitting key when the token names none', () => {
    expect(selectKey(readKeySet([jwk(rsa1), jwk(ec)]), undefined, 'RS256')?.kid).toBe('r1');
    expect(selectKey(readKeySet([jwk(rsa1, { kid: undefined, alg: undefined })]), undefined, 'PS256')?.kty).toBe('RSA');
  });

  it('refuses to guess among several fitting keys, and none (B-17)', async () => {
    await expectRefusal(() => selectKey(readKeySet([jwk(rsa1), jwk(rsa2)]), undefined, 'RS256'), 'key_not_found', 401);
    await expectRefusal(() => selectKey(readKeySet([jwk(rsa1)]), undefined, 'ES256'), 'key_not_found', 401);
    await expectRefusal(() => selectKey(readKeySet([jwk(rsa1)]), undefined, 'PS256'), 'key_not_found', 401);
  });

  // @verifies TOKEN-7517-KID
  it('refuses an id that several keys have, identical or not (B-18)', async () => {
    for (const members of [
      [jwk(rsa1), jwk(rsa2, { kid: 'r1' })],
      [jwk(rsa1), jwk(ec, { kid: 'r1' })],
      [jwk(rsa1), jwk(rsa1)],
    ]) {
      const set = readKeySet(members);
      expect(set.ambiguous).toEqual(['r1']);
      await expectRefusal(() => selectKey(set, 'r1', 'RS256'), 'key_not_found', 401);
    }
  });

  it('does not count an encryption key with the same id', () => {
    expect(selectKey(readKeySet([jwk(rsa1), jwk(rsa2, { kid: 'r1', use: 'enc' })]), 'r1', 'RS256')?.kid).toBe('r1');
  });

  // @verifies TOKEN-7517-ALG, TOKEN-8725-ONE-ALGORITHM
  it('refuses a key the issuer keeps for another algorithm (B-06)', async () => {
    await expectRefusal(() => selectKey(readKeySet([jwk(rsa1)]), 'r1', 'PS256'), 'alg_not_allowed', 401);
    expect(selectKey(readKeySet([jwk(rsa1, { alg: undefined })]), 'r1', 'PS256')?.kid).toBe('r1');
  });

  it('refuses a key of another type than the algorithm needs', async () => {
    await expectRefusal(() => selectKey(readKeySet([jwk(rsa1)]), 'r1', 'ES256'), 'key_not_found', 401);
    await expectRefusal(
      () => selectKey(readKeySet([jwk(ec, { alg: undefined })]), 'e1', 'ES384'),
      'key_not_found',
      401,
    );
  });
});

describe('readKeySet', () => {
  // @verifies TOKEN-7517-UNKNOWN-KEYS
  it('skips what it can not use and keeps the rest (C-15)', () => {
    const set = readKeySet([
      null,
      { kty: 'oct', k: 'AA' },
      { kty: 'LWE' },
      jwk(rsa1, { n: '*' }),
      jwk(rsa1),
      jwk(ec, { use: 'enc' }),
    ] as never);
    expect(set.keys.map((key) => key.kid)).toEqual(['r1']);
    expect(Object.fromEntries(set.skipped)).toEqual({
      malformed: 2,
      private: 1,
      unsupported: 1,
      'not for signatures': 1,
    });
  });

  it('takes unchanged keys over from the set before', () => {
    const first = readKeySet([jwk(rsa1), jwk(rsa2)]);
    const second = readKeySet([jwk(rsa2), jwk(ec)], first);
    expect(second.keys[0]).toBe(first.keys[1]);
  });
});

describe('keySetMembers', () => {
  // @verifies TOKEN-7517-KEYS, TOKEN-KEYS-BOUNDED
  it('wants a list of at most as many keys as allowed (C-13, C-15)', () => {
    expect(keySetMembers({ keys: [] }, 2)).toEqual([]);
    for (const document of [{}, { keys: {} }, { keys: null }, { Keys: [] }, [], null])
      expect(keySetMembers(document, 2)).toContain('no list of keys');
    expect(keySetMembers({ keys: [1, 2, 3] }, 2)).toContain('3 keys');
  });
});
