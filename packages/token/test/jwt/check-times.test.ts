import type { Reason } from '@sallyport/core';
import { describe, expect, it } from 'vitest';
import { checkTimes } from '../../src/jwt/check-times.ts';
import { expectRefusal } from '../support/expect-refusal.ts';

const NOW = 1_790_000_000;

function check(changes: Record<string, unknown>, skew = 30): number {
  return checkTimes({ exp: NOW + 300, iat: NOW - 3_600, ...changes }, NOW, skew);
}

async function refuses(changes: Record<string, unknown>, reason: Reason, skew?: number): Promise<void> {
  await expectRefusal(() => check(changes, skew), reason, 401);
}

describe('checkTimes', () => {
  it('gives exp of a token that is valid now', () => {
    expect(check({})).toBe(NOW + 300);
  });

  // @verifies TOKEN-9068-CLAIMS
  it('requires exp (B-41)', async () => {
    await refuses({ exp: undefined }, 'exp_missing');
  });

  // @verifies TOKEN-7519-EXP, TOKEN-9068-EXP
  it('refuses at the moment of exp plus skew and not before (B-42)', async () => {
    await refuses({ exp: NOW - 1 }, 'expired', 0);
    await refuses({ exp: NOW }, 'expired', 0);
    expect(check({ exp: NOW + 0.001 }, 0)).toBe(NOW + 0.001);
    expect(check({ exp: NOW - 29 })).toBe(NOW - 29);
    await refuses({ exp: NOW - 30 }, 'expired');
    await refuses({ exp: NOW - 31 }, 'expired');
  });

  // @verifies TOKEN-7519-NUMERIC-DATE
  it('refuses an exp that is not a finite number (B-43)', async () => {
    for (const exp of [String(NOW + 300), null, true, {}, [NOW + 300], Infinity, Number.NaN])
      await refuses({ exp }, 'malformed_token');
  });

  // @verifies TOKEN-7519-NUMERIC-DATE
  it('accepts fractions of seconds (B-45)', () => {
    expect(check({ exp: NOW + 300.5, iat: NOW - 0.5 })).toBe(NOW + 300.5);
  });

  it('refuses an exp of zero or below as expired (B-46)', async () => {
    for (const exp of [0, -0, -1, -1e300]) await refuses({ exp }, 'expired');
  });

  it('refuses an exp in milliseconds or in the year 9999', async () => {
    for (const exp of [NOW * 1_000, 253_402_300_799, Number.MAX_VALUE]) await refuses({ exp }, 'malformed_token');
    expect(check({ exp: NOW + 365 * 86_400 })).toBeGreaterThan(NOW);
  });

  // @verifies TOKEN-7519-NBF, TOKEN-7519-NUMERIC-DATE
  it('refuses nbf beyond the skew or of another type (B-47)', async () => {
    expect(check({ nbf: NOW + 30 })).toBe(NOW + 300);
    await refuses({ nbf: NOW + 31 }, 'not_yet_valid');
    for (const nbf of ['1', null, {}, Infinity]) await refuses({ nbf }, 'not_yet_valid');
  });

  // @verifies TOKEN-9068-CLAIMS, TOKEN-7519-NUMERIC-DATE
  it('refuses iat that is absent, of another type, or after exp (B-49)', async () => {
    for (const iat of [undefined, String(NOW), null, {}, Infinity]) await refuses({ iat }, 'malformed_token');
    await refuses({ iat: NOW + 20, exp: NOW + 10 }, 'malformed_token');
  });

  it('refuses iat in the future beyond the skew', async () => {
    expect(check({ iat: NOW + 30 })).toBe(NOW + 300);
    await refuses({ iat: NOW + 31 }, 'not_yet_valid');
    await refuses({ iat: NOW + 365 * 86_400 }, 'not_yet_valid');
    await refuses({ iat: NOW * 1_000 }, 'not_yet_valid');
  });
});
