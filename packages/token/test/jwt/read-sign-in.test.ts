import { describe, expect, it } from 'vitest';
import { readSignIn } from '../../src/jwt/read-sign-in.ts';

const now = 1_790_000_000;

describe('what a token says of the sign-in (RFC 9470 §6)', () => {
  it('is read as it stands', () => {
    expect(readSignIn({ acr: 'urn:mfa', amr: ['pwd', 'otp'], auth_time: now - 5.5 }, now, 30)).toEqual({
      acr: 'urn:mfa',
      amr: ['pwd', 'otp'],
      authTime: now - 5.5,
    });
  });

  it('is nothing when it says nothing', () => {
    expect(readSignIn({}, now, 30)).toEqual({ acr: null, amr: [], authTime: null });
  });

  it.each<[string, Record<string, never>]>([
    ['an acr that is a list', { acr: ['urn:mfa'] } as never],
    ['an empty acr', { acr: '' } as never],
    ['an acr with a line break', { acr: 'a\nb' } as never],
    ['an amr that is text', { amr: 'pwd' } as never],
    ['an amr with a number', { amr: ['pwd', 1] } as never],
    ['a sign-in that is text', { auth_time: String(now) } as never],
    ['a sign-in beyond numbers', { auth_time: Infinity } as never],
    ['a sign-in in the future', { auth_time: now + 31 } as never],
  ])('is nothing for %s, and no reason to refuse the token', (_name, claims) => {
    expect(readSignIn(claims, now, 30)).toEqual({ acr: null, amr: [], authTime: null });
  });

  it('may be a little ahead of our clock', () => {
    expect(readSignIn({ auth_time: now + 30 }, now, 30).authTime).toBe(now + 30);
  });
});
