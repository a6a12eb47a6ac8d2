import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { hasRocaFingerprint } from '../../src/keys/roca.ts';

/** A number that is a power of 65537 modulo every small prime the check looks at, as the moduli of the broken generator are. */
function fingerprinted(): Buffer {
  const hex = (65_537n ** 121n).toString(16);
  return Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex');
}

test('a modulus with the fingerprint of the broken generator is recognised (CVE-2017-15361)', () => {
  expect(hasRocaFingerprint(fingerprinted())).toBe(true);
});

test('a key of a sound generator is not', () => {
  for (let i = 0; i < 3; i++) {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const { n = '' } = createPublicKey(publicKey.export({ type: 'spki', format: 'pem' })).export({ format: 'jwk' });
    expect(hasRocaFingerprint(Buffer.from(n, 'base64url'))).toBe(false);
  }
});
