import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDevIdp, type DevIdp } from '../../src/index.ts';

const audience = 'http://127.0.0.1:8080/mcp';

let idp: DevIdp;
beforeAll(async () => {
  idp = await startDevIdp({ quiet: true, algorithm: 'ES256' });
});
afterAll(() => idp.close());

describe('mintLogoutToken', () => {
  it('signs a logout token of OpenID Connect Back-Channel Logout', async () => {
    const token = await idp.mintLogoutToken({ audience, sub: 'alice', sid: 'session-1' });
    const keys = createRemoteJWKSet(new URL(`${idp.issuer}/jwks`));
    const { payload, protectedHeader } = await jwtVerify(token, keys, {
      issuer: idp.issuer,
      audience,
      typ: 'logout+jwt',
      requiredClaims: ['iat', 'exp', 'jti'],
    });
    expect(protectedHeader.alg).toBe('ES256');
    expect(payload).toMatchObject({
      sub: 'alice',
      sid: 'session-1',
      events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
    });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(120);
    expect(payload).not.toHaveProperty('nonce');
  });

  it('names only who it is told to, and never twice with one jti', async () => {
    const [one, two] = [
      decodeJwt(await idp.mintLogoutToken({ audience, sid: 's' })),
      decodeJwt(await idp.mintLogoutToken({ audience, sub: 'alice' })),
    ];
    expect(one).not.toHaveProperty('sub');
    expect(two).not.toHaveProperty('sid');
    expect(one?.jti).not.toBe(two?.jti);
  });

  it('writes wrong claims and headers when it is told to', async () => {
    const token = await idp.mintLogoutToken({
      audience,
      sub: 'alice',
      expiresInSeconds: -60,
      algorithm: 'RS256',
      claims: { nonce: 'n', events: undefined, iss: 'https://other.example' },
      header: { typ: 'JWT', kid: 'unknown' },
    });
    const payload = decodeJwt(token);
    expect(payload).toMatchObject({ nonce: 'n', iss: 'https://other.example' });
    expect(payload).not.toHaveProperty('events');
    expect(payload.exp).toBeLessThan(payload.iat ?? 0);
    expect(decodeProtectedHeader(token)).toEqual({ alg: 'RS256', typ: 'JWT', kid: 'unknown' });
  });
});
