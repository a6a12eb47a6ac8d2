import { describe, expect, it } from 'vitest';
import { Refusal, type Principal, type Reason } from '@sallyport/core';
import type { Authenticator } from '../../src/authenticator/authenticator.ts';
import type { PresentedToken } from '../../src/authenticator/presented-token.ts';
import { createEnterpriseAuthenticator } from '../../src/enterprise/create-enterprise-authenticator.ts';
import { expectRefusal, refusalOf } from '../support/expect-refusal.ts';

const principal = Object.freeze({
  issuer: 'https://corp.example',
  subject: 'alice',
  clientId: 'gw',
  proof: 'jwt',
}) as Principal;

function over(
  authenticate: (presented: PresentedToken) => Principal | Promise<Principal>,
): ReturnType<typeof createEnterpriseAuthenticator> {
  const tokens: Authenticator = {
    authenticate,
    start: () => undefined,
    status: () => [],
    close: () => undefined,
  } as unknown as Authenticator;
  return createEnterpriseAuthenticator(tokens);
}

function refusing(reason: Reason, later: boolean): ReturnType<typeof createEnterpriseAuthenticator> {
  return over(() => {
    const refusal = new Refusal(reason, { detail: { problem: 'seen' } });
    if (later) return Promise.reject(refusal);
    throw refusal;
  });
}

describe('an enterprise authenticator', () => {
  it('presents the token as a bearer token without any proof', () => {
    const seen: PresentedToken[] = [];
    const authenticator = over((presented) => {
      seen.push(presented);
      return principal;
    });
    void authenticator.authenticate('a.b.c');
    expect(seen).toMatchObject([{ scheme: 'bearer', token: 'a.b.c', proofs: [] }]);
  });

  it('says how its principals were proven: the same frozen object for the same token, at once and later', async () => {
    const atOnce = over(() => principal);
    const first = atOnce.authenticate('a.b.c') as Principal;
    expect(first).toEqual({ ...principal, proof: 'enterprise' });
    expect(Object.isFrozen(first)).toBe(true);
    expect(atOnce.authenticate('a.b.c')).toBe(first);
    const later = over(() => Promise.resolve(principal));
    expect(await later.authenticate('a.b.c')).toBe(await later.authenticate('a.b.c'));
  });

  it.each<[Reason]>([
    ['expired'],
    ['bad_signature'],
    ['iss_unknown'],
    ['malformed_token'],
    ['key_not_found'],
    ['binding_mismatch'],
  ])('refuses with enterprise_invalid for %s, and keeps the true reason for the record (K-06)', async (reason) => {
    for (const later of [false, true]) {
      const refusal = await expectRefusal(() => refusing(reason, later).authenticate('x'), 'enterprise_invalid', 401);
      expect(refusal.detail).toEqual({ reason, source: 'enterprise', problem: 'seen' });
    }
  });

  it.each<[Reason]>([['aud_mismatch'], ['typ_mismatch'], ['token_type_confusion'], ['revoked']])(
    'refuses with %s where that says more (K-05)',
    async (reason) => {
      for (const later of [false, true]) {
        const refusal = await expectRefusal(() => refusing(reason, later).authenticate('x'), reason, 401);
        expect(refusal.detail).toEqual({ source: 'enterprise', problem: 'seen' });
      }
    },
  );

  it.each<[Reason, number]>([
    ['idp_unavailable', 503],
    ['store_down', 503],
    ['client_not_allowed', 403],
    ['internal_error', 500],
  ])('passes %s on', async (reason, status) => {
    for (const later of [false, true]) {
      const refusal = await refusalOf(() => refusing(reason, later).authenticate('x'));
      expect([refusal.reason, refusal.status]).toEqual([reason, status]);
    }
  });
});
