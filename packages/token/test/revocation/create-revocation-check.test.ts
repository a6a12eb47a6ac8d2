import { describe, expect, it } from 'vitest';
import { createMemoryRevocationList, type Principal, type RevocationList } from '@sallyport/core';
import { createRevocationCheck } from '../../src/revocation/create-revocation-check.ts';
import { expectRefusal } from '../support/expect-refusal.ts';

const principal = {
  issuer: 'https://as.example',
  subject: 'alice',
  tokenId: 'token-1',
  sessionId: null,
  issuedAt: 1,
} as Principal;

describe('the check for revocation', () => {
  it('lets everybody pass without a list', () => {
    expect(createRevocationCheck()({ principal })).toBeUndefined();
  });

  it('answers at once from a list in memory, and sees a new entry at the next use (B-85)', async () => {
    const list = createMemoryRevocationList();
    const check = createRevocationCheck(list);
    expect(check({ principal })).toBeUndefined();
    list.revoke({ kind: 'token', issuer: principal.issuer, tokenId: 'token-1' }, Date.now() + 60_000);
    await expectRefusal(() => check({ principal }), 'revoked', 401);
  });

  it('waits for a list elsewhere', async () => {
    const answers = [false, true];
    const check = createRevocationCheck({ revoke: () => undefined, isRevoked: async () => answers.shift() ?? true });
    await expect(check({ principal })).resolves.toBeUndefined();
    await expectRefusal(() => check({ principal }), 'revoked', 401);
  });

  it.each<[string, RevocationList['isRevoked']]>([
    ['rejects', () => Promise.reject(new Error('ECONNREFUSED 10.0.0.7:6379'))],
    [
      'throws',
      () => {
        throw new Error('ECONNREFUSED 10.0.0.7:6379');
      },
    ],
  ])('refuses with 503, and nobody is let in, when the list %s', async (_name, isRevoked) => {
    const check = createRevocationCheck({ revoke: () => undefined, isRevoked });
    const refusal = await expectRefusal(() => check({ principal }), 'store_down', 503);
    expect(refusal.message).not.toContain('10.0.0.7');
    expect(refusal.retryAfterSeconds).toBe(1);
  });
});
