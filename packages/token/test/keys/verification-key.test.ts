import { describe, expect, it } from 'vitest';
import { readVerificationKey, type VerificationKey } from '../../src/keys/verification-key.ts';
import { createSigningKey } from '../support/signing-key.ts';

const rsa = createSigningKey('RS256', 'r').jwk;
const ec = createSigningKey('ES256', 'e').jwk;
const ed = createSigningKey('EdDSA', 'o').jwk;

function read(jwk: unknown): VerificationKey {
  const key = readVerificationKey(jwk as never);
  if (typeof key === 'string') throw new Error(key);
  return key;
}

function problemOf(jwk: unknown): string | undefined {
  const { material } = read(jwk);
  return 'problem' in material ? material.reason : undefined;
}

function modulus(bytes: number, lowByte = 0x01): string {
  const buffer = Buffer.alloc(bytes, 0x5a);
  buffer[0] = 0xff;
  buffer[bytes - 1] = lowByte;
  return buffer.toString('base64url');
}

function number(hex: string): string {
  return Buffer.from(hex, 'hex').toString('base64url');
}

describe('readVerificationKey', () => {
  it('reads RSA, EC and Ed25519 keys', () => {
    expect(read(rsa)).toMatchObject({ kid: 'r', kty: 'RSA', crv: undefined, alg: 'RS256', retired: false });
    expect(read(ec)).toMatchObject({ kid: 'e', kty: 'EC', crv: 'P-256' });
    expect(read(ed)).toMatchObject({ kid: 'o', kty: 'OKP', crv: 'Ed25519' });
    for (const jwk of [rsa, ec, ed]) expect(problemOf(jwk)).toBeUndefined();
  });

  // @verifies TOKEN-7517-UNKNOWN-MEMBERS
  it('gives the same key the same identity, whatever else the member says', () => {
    expect(read({ ...rsa, x5t: 'x', other: 1 }).identity).toBe(read(rsa).identity);
    expect(read({ ...rsa, kid: 'other' }).identity).not.toBe(read(rsa).identity);
    expect(read({ ...rsa, alg: 'PS256' }).identity).not.toBe(read(rsa).identity);
  });

  // @verifies TOKEN-7517-USE
  it('skips keys that are not for verifying signatures (B-19)', () => {
    for (const changes of [
      { use: 'enc' },
      { use: 1 },
      { key_ops: ['encrypt'] },
      { key_ops: 'verify' },
      { key_ops: [] },
      { alg: 'RSA-OAEP' },
      { alg: 'HS256' },
      { alg: 'none' },
    ]) {
      expect(readVerificationKey({ ...rsa, ...changes })).toBe('not for signatures');
    }
    expect(read({ ...rsa, key_ops: ['verify'] }).kid).toBe('r');
  });

  // @verifies TOKEN-7517-PRIVATE
  it('skips private and symmetric keys (C-15)', () => {
    const privateJwk = createSigningKey('ES256', 'p').privateKey.export({ format: 'jwk' });
    expect(readVerificationKey({ ...privateJwk, kid: 'p' })).toBe('private');
    expect(readVerificationKey({ kty: 'oct', k: 'AAAA', kid: 's' })).toBe('private');
    expect(readVerificationKey({ ...rsa, k: 'AAAA' })).toBe('private');
  });

  // @verifies TOKEN-7517-UNKNOWN-KEYS
  it('skips unknown kinds of keys (C-15)', () => {
    for (const jwk of [
      { kty: 'AKP', pub: 'AAAA' },
      { kty: 'LWE' },
      { kty: '__proto__' },
      { kty: 1 },
      {},
      { ...ec, crv: 'secp256k1' },
      { ...ed, crv: 'Ed448' },
      { ...ed, crv: 'X25519' },
    ]) {
      expect(readVerificationKey(jwk as never)).toBe('unsupported');
    }
  });

  // @verifies TOKEN-7517-UNKNOWN-KEYS, TOKEN-8725-INPUTS
  it('skips malformed members (C-15)', () => {
    for (const jwk of [
      null,
      'x',
      [],
      { ...rsa, n: undefined },
      { ...rsa, n: '' },
      { ...rsa, n: 1 },
      { ...rsa, n: `${String(rsa['n'])}=` },
      { ...rsa, kid: 1 },
      { ...rsa, alg: null },
      { ...ec, x: 'AAAA' },
      { ...ec, y: ec['x'] },
      { ...ec, y: undefined },
      { ...ed, x: 'AAAA' },
    ]) {
      expect(readVerificationKey(jwk as never)).toBe('malformed');
    }
  });

  // @verifies TOKEN-7518-RSA-SIZE, TOKEN-8725-KEY-STRENGTH
  it('finds RSA keys too short or too long to be used (B-74, B-75)', () => {
    expect(problemOf({ ...rsa, n: modulus(128) })).toBe('weak_key');
    expect(problemOf({ ...rsa, n: modulus(255) })).toBe('weak_key');
    expect(
      problemOf({
        ...rsa,
        n: Buffer.concat([Buffer.alloc(128), Buffer.from(modulus(128), 'base64url')]).toString('base64url'),
      }),
    ).toBe('weak_key');
    expect(problemOf({ ...rsa, n: modulus(256) })).toBeUndefined();
    expect(problemOf({ ...rsa, n: modulus(1024) })).toBeUndefined();
    expect(problemOf({ ...rsa, n: modulus(1025) })).toBe('weak_key');
    expect(problemOf({ ...rsa, n: modulus(2048) })).toBe('weak_key');
    expect(problemOf({ ...rsa, n: modulus(256, 0x02) })).toBe('weak_key');
  });

  // @verifies TOKEN-8725-INPUTS
  it('finds RSA exponents that are 0, 1, even or long (B-75)', () => {
    for (const exponent of ['00', '01', '02', '010000', '010000000000000001', `00${'ff'.repeat(9)}`]) {
      expect(problemOf({ ...rsa, e: number(exponent) })).toBe('weak_key');
    }
    expect(problemOf({ ...rsa, e: rsa['n'] })).toBe('weak_key');
    for (const exponent of ['03', '010001', 'ffffffffffffffff', '00010001'])
      expect(problemOf({ ...rsa, e: number(exponent) })).toBeUndefined();
  });

  // @verifies TOKEN-8725-INPUTS
  it('finds Ed25519 keys of small order, with either sign (B-73)', () => {
    for (const point of [
      `00${'00'.repeat(31)}`,
      `01${'00'.repeat(31)}`,
      `ec${'ff'.repeat(30)}7f`,
      `01${'00'.repeat(30)}80`,
      'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
    ]) {
      expect(problemOf({ ...ed, x: number(point) })).toBe('bad_signature');
    }
  });
});
