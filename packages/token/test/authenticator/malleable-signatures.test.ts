import { createMemoryRevocationList } from '@sallyport/core';
import { expect, test } from 'vitest';
import { ALGORITHMS, bearer, claimsFor, createBench, mint } from '../support/authentication.ts';
import { expectRefusal } from '../support/expect-refusal.ts';
import { createSigningKey } from '../support/signing-key.ts';
import { startTestIssuer } from '../support/test-issuer.ts';

/** The order of the group of P-256 (FIPS 186-5). */
const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** The other signature of the same token that verifies: (r, n - s). */
function twinOf(token: string): string {
  const [header, payload, signature = ''] = token.split('.');
  const bytes = Buffer.from(signature, 'base64url');
  const s = BigInt(`0x${bytes.subarray(32).toString('hex')}`);
  const twin = (order - s).toString(16).padStart(64, '0');
  return `${header}.${payload}.${Buffer.concat([bytes.subarray(0, 32), Buffer.from(twin, 'hex')]).toString('base64url')}`;
}

test('a revocation holds for the other spelling of an ECDSA signature too (B-70)', async () => {
  const key = createSigningKey('ES256', 'key-1');
  const issuer = await startTestIssuer([key.jwk]);
  const revocations = createMemoryRevocationList({});
  const b = createBench({ issuers: [{ issuer: issuer.url, algorithms: ALGORITHMS }], revocations });
  const token = mint(key, claimsFor(issuer, b.clock));
  expect(twinOf(token)).not.toBe(token);
  await b.authenticator.authenticate(bearer(token));
  await b.authenticator.authenticate(bearer(twinOf(token)));
  revocations.revoke({ kind: 'token', issuer: issuer.url, tokenId: 'jti-1' }, Date.now() + 600_000);
  for (const spelling of [token, twinOf(token)]) {
    await expectRefusal(() => b.authenticator.authenticate(bearer(spelling)), 'revoked', 401);
  }
  b.authenticator.close();
  await issuer.close();
});
