import { describe, expect, it } from 'vitest';
import { Refusal, type Principal } from '@sallyport/core';
import { decideIdentity } from '../../src/enterprise/decide-identity.ts';
import { expectRefusal } from '../support/expect-refusal.ts';

function principal(changes: Partial<Principal> = {}): Principal {
  return {
    issuer: 'https://as.example',
    subject: 'alice',
    clientId: 'client-1',
    proof: 'jwt',
    ...changes,
  } as Principal;
}

const enterprise = principal({ proof: 'enterprise' });

function failing(reason: 'enterprise_invalid' | 'expired' | 'idp_unavailable'): () => Promise<Principal> {
  return () => Promise.reject(new Refusal(reason));
}

describe('whom a request with an enterprise token comes from', () => {
  it('is whom the enterprise token names when there is no other', async () => {
    expect(await decideIdentity(() => enterprise, undefined)).toEqual({ kind: 'one', principal: enterprise });
  });

  it('is the same when an access token names the very same', async () => {
    expect(
      await decideIdentity(
        () => enterprise,
        () => Promise.resolve(principal()),
      ),
    ).toEqual({
      kind: 'one',
      principal: enterprise,
    });
  });

  it.each<[string, Partial<Principal>]>([
    ['subject', { subject: 'bob' }],
    ['issuer, where the same name is somebody else', { issuer: 'https://other.example' }],
    ['client', { clientId: 'client-2' }],
    ['client, when one has none', { clientId: null }],
  ])('is a conflict when an access token has another %s (K-07)', async (_name, changes) => {
    const bearer = principal(changes);
    expect(
      await decideIdentity(
        () => enterprise,
        () => bearer,
      ),
    ).toEqual({ kind: 'conflict', enterprise, bearer });
  });

  it('is nobody when the enterprise token does not hold: nothing else is looked at (K-06)', async () => {
    let asked = false;
    const bearer = (): Principal => {
      asked = true;
      return principal();
    };
    await expectRefusal(() => decideIdentity(failing('enterprise_invalid'), bearer), 'enterprise_invalid', 401);
    await expectRefusal(() => decideIdentity(failing('idp_unavailable'), bearer), 'idp_unavailable', 503);
    expect(asked).toBe(false);
  });

  it('is nobody when the access token beside it does not hold, or can not be checked', async () => {
    await expectRefusal(() => decideIdentity(() => enterprise, failing('expired')), 'expired', 401);
    await expectRefusal(() => decideIdentity(() => enterprise, failing('idp_unavailable')), 'idp_unavailable', 503);
  });
});
