import { createHash } from 'node:crypto';
import { calculateJwkThumbprint, decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDevIdp, type DevIdp } from '../../src/index.ts';
import { generateKey } from '../../src/keys/signing-keys.ts';

let idp: DevIdp;
beforeAll(async () => {
  idp = await startDevIdp({ quiet: true });
});
afterAll(() => idp.close());

describe('a minted token', () => {
  it('is bound to the key of DPoP proofs by its thumbprint, whether the private part is given or not', async () => {
    const { d, ...publicKey } = await generateKey('ES256');
    const jkt = await calculateJwkThumbprint(publicKey);
    for (const boundTo of [publicKey, { ...publicKey, ...(d !== undefined && { d }) }]) {
      expect(decodeJwt(await idp.mintToken({ user: 'alice', boundTo }))).toMatchObject({ cnf: { jkt } });
    }
  });

  it('is bound to a client certificate by the hash of its DER', async () => {
    const boundTo = Buffer.from('any bytes');
    const thumbprint = createHash('sha256').update(boundTo).digest('base64url');
    expect(decodeJwt(await idp.mintToken({ user: 'alice', boundTo }))['cnf']).toEqual({ 'x5t#S256': thumbprint });
  });

  it('may be bound to anything, right or wrong, with claims', async () => {
    const token = await idp.mintToken({ boundTo: await generateKey('ES256'), claims: { cnf: { jkt: 'wrong' } } });
    expect(decodeJwt(token)['cnf']).toEqual({ jkt: 'wrong' });
  });

  it('says how and when the user signed in, if it is told to', async () => {
    const plain = decodeJwt(await idp.mintToken({ user: 'alice' }));
    for (const claim of ['acr', 'auth_time', 'cnf', 'sid']) expect(plain).not.toHaveProperty(claim);
    const told = decodeJwt(await idp.mintToken({ user: 'alice', acr: 'phr', authTime: 1_700_000_000 }));
    expect(told).toMatchObject({ acr: 'phr', auth_time: 1_700_000_000 });
  });
});
