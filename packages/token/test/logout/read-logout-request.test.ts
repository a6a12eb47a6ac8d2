import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Refusal } from '@sallyport/core';
import { readLogoutRequest } from '../../src/logout/read-logout-request.ts';
import { expectRefusal } from '../support/expect-refusal.ts';

const read = (text: string | Uint8Array): string => readLogoutRequest(Buffer.from(text as string));

describe('reading a back-channel logout request', () => {
  it('takes the logout token out of the form and ignores what else is in it (Back-Channel Logout §2.5)', () => {
    expect(read('logout_token=a.b.c')).toBe('a.b.c');
    expect(read('x=1&logout_token=a.b.c&access_token=z')).toBe('a.b.c');
    expect(read('logout_token=a%2Eb%2Ec')).toBe('a.b.c');
  });

  it.each([
    ['nothing', ''],
    ['an empty token', 'logout_token='],
    ['no token', 'token=a.b.c'],
    ['another spelling', 'Logout_Token=a.b.c'],
    ['two tokens', 'logout_token=a.b.c&logout_token=a.b.c'],
    ['JSON', '{"logout_token":"a.b.c"}'],
  ])('refuses %s', async (_name, body) => {
    await expectRefusal(() => read(body), 'logout_invalid', 400);
  });

  it('refuses bytes that are not UTF-8', async () => {
    await expectRefusal(() => read(Uint8Array.of(0x6c, 0xff)), 'logout_invalid', 400);
  });

  it('throws nothing but a refusal, whatever comes', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        try {
          readLogoutRequest(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(Refusal);
        }
      }),
    );
  });
});
