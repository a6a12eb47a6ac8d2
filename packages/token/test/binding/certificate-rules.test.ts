import type { Reason } from '@sallyport/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PresentedToken } from '../../src/authenticator/presented-token.ts';
import { ALGORITHMS, bearer, claimsFor, createBench, mint, type Bench } from '../support/authentication.ts';
import { createClientKey, dpop, proofFor, sha256 } from '../support/dpop.ts';
import { expectRefusal } from '../support/expect-refusal.ts';
import { selfSignedCertificate } from '../support/self-signed.ts';
import { createSigningKey } from '../support/signing-key.ts';
import { startTestIssuer, type TestIssuer } from '../support/test-issuer.ts';

const es = createSigningKey('ES256', 'es');
const client = createClientKey();
const certificate = Buffer.from(selfSignedCertificate.split('\n').slice(1, -1).join(''), 'base64');
const another = Buffer.concat([certificate, Buffer.from([0])]);
const x5t = sha256(certificate);

let issuer: TestIssuer;
let b: Bench;
beforeAll(async () => {
  issuer = await startTestIssuer([es.jwk]);
  b = createBench({ issuers: [{ issuer: issuer.url, algorithms: ALGORITHMS }], dpop: { mode: 'accept' } });
});
afterAll(async () => {
  b.authenticator.close();
  await issuer.close();
});

let tokens = 0;
function tokenFor(cnf: unknown): string {
  tokens += 1;
  return mint(es, claimsFor(issuer, b.clock, { jti: `token-${tokens}`, cnf }));
}

const bound = (): PresentedToken => bearer(tokenFor({ 'x5t#S256': x5t }));

async function refuses(presented: PresentedToken, reason: Reason = 'binding_mismatch'): Promise<void> {
  const refusal = await expectRefusal(() => b.authenticator.authenticate(presented), reason, 401);
  expect(refusal.code).toBe('ERR_TOKEN_BINDING_MISMATCH');
}

describe('a token bound to a certificate', () => {
  it('gives a principal that says so, the same object every time and at once (RFC 8705 §3)', async () => {
    const presented = { ...bound(), certificate };
    const principal = await b.authenticator.authenticate(presented);
    expect(principal).toMatchObject({ proof: 'mtls', subject: 'user-1' });
    expect(Object.isFrozen(principal)).toBe(true);
    expect(b.authenticator.authenticate(presented)).toBe(principal);
  });

  it('is refused without a certificate, with another one and with a thumbprint in another form (E-33)', async () => {
    await refuses(bound());
    await refuses({ ...bound(), certificate: another });
    await refuses({ ...bound(), certificate: new Uint8Array() });
    for (const text of [sha256(certificate, 'hex'), sha256(certificate, 'base64'), `${x5t}=`, x5t.toLowerCase(), ''])
      await refuses({ ...bearer(tokenFor({ 'x5t#S256': text })), certificate });
    await refuses({ ...bearer(tokenFor({ x5t })), certificate });
    await refuses({ ...bearer(tokenFor({ 'x5t#S256': [x5t] })), certificate });
  });

  it('is refused when the certificate was named by somebody who is not a trusted proxy, and the record says so (E-34)', async () => {
    await refuses({ ...bound(), certificateProblem: 'untrusted' }, 'untrusted_header');
  });

  it('is refused when the header with the certificate is malformed (E-35)', async () => {
    await refuses({ ...bound(), certificateProblem: 'malformed' });
  });

  it('is refused in the DPoP scheme', async () => {
    const { token } = bound();
    await refuses({ ...dpop(token, proofFor(client, b.clock, { token })), certificate });
  });

  it('is refused after it was accepted, when the next request has no certificate', async () => {
    const presented = bound();
    expect(await b.authenticator.authenticate({ ...presented, certificate })).toMatchObject({ proof: 'mtls' });
    await refuses(presented);
    await refuses({ ...presented, certificate: another });
  });
});

describe('a token bound to a certificate and to a DPoP key', () => {
  it('must be proven in both ways', async () => {
    const token = tokenFor({ jkt: client.jkt, 'x5t#S256': x5t });
    const proven = (): PresentedToken => dpop(token, proofFor(client, b.clock, { token }));
    expect(await b.authenticator.authenticate({ ...proven(), certificate })).toMatchObject({ proof: 'dpop' });
    await refuses(proven());
    await refuses({ ...proven(), certificate: another });
    await refuses({ ...bearer(token), certificate });
  });
});

describe('a token that is not bound', () => {
  it('stays a plain token, whatever certificate comes along', async () => {
    const token = tokenFor(undefined);
    const plain = await b.authenticator.authenticate(bearer(token));
    expect(plain).toMatchObject({ proof: 'jwt' });
    expect(b.authenticator.authenticate({ ...bearer(token), certificate })).toBe(plain);
    expect(b.authenticator.authenticate({ ...bearer(token), certificateProblem: 'untrusted' })).toBe(plain);
  });
});
