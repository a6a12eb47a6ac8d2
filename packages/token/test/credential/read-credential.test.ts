import { Refusal } from '@sallyport/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCredential } from '../../src/credential/read-credential.ts';
import { expectRefusal, refusalOf } from '../support/expect-refusal.ts';

const TOKEN = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ1In0.c2ln';
const limits = { tokenBytes: 8192 };

function read(...fields: string[]): ReturnType<typeof readCredential> {
  return readCredential(fields, '/mcp', limits);
}

describe('readCredential', () => {
  it('reads the token after Bearer, whatever the case of the scheme and of the field name', () => {
    for (const scheme of ['Bearer', 'bearer', 'BEARER', 'bEaReR']) {
      expect(read('Host', 'x', 'AUTHORIZATION', `${scheme} ${TOKEN}`)).toEqual({ kind: 'bearer', token: TOKEN });
    }
  });

  it('says that there is no credential when there is no Authorization field (A-01, A-14, A-15)', () => {
    expect(read('Host', 'x', 'Content-Type', 'application/x-www-form-urlencoded')).toEqual({ kind: 'none' });
  });

  it('treats another scheme as no credential and never shows its value (A-02)', () => {
    for (const value of ['Basic dTpw', 'DPoP abc', 'Bearerx abc', 'Negotiate', 'Basic\tdTpw', TOKEN]) {
      expect(read('Authorization', value)).toEqual({ kind: 'unsupported' });
    }
  });

  it('refuses a scheme without a token as a malformed request (A-03)', async () => {
    for (const value of ['Bearer', 'Bearer ', 'bearer    ', '']) {
      const refusal = await expectRefusal(() => read('Authorization', value), 'malformed_request', 400);
      expect(refusal.code).toBe('ERR_REQUEST_MALFORMED_REQUEST');
    }
  });

  it('accepts several spaces before the token (A-05)', () => {
    expect(read('Authorization', `Bearer  ${TOKEN}`)).toEqual({ kind: 'bearer', token: TOKEN });
    expect(read('Authorization', `Bearer     ${TOKEN}`)).toEqual({ kind: 'bearer', token: TOKEN });
  });

  it('refuses a tab as separator (A-06)', async () => {
    await expectRefusal(() => read('Authorization', `Bearer\t${TOKEN}`), 'malformed_request', 400);
    await expectRefusal(() => read('Authorization', `Bearer \t${TOKEN}`), 'malformed_request', 400);
  });

  it('refuses a scheme that runs into its token', async () => {
    for (const value of [
      `Bearer,${TOKEN}`,
      `Bearer:${TOKEN}`,
      `Bearer=${TOKEN}`,
      `Bearer"${TOKEN}"`,
      `Bearer\u00a0${TOKEN}`,
    ]) {
      await expectRefusal(() => read('Authorization', value), 'malformed_request', 400);
    }
  });

  it('refuses anything after the token (A-07)', async () => {
    for (const value of [
      `Bearer ${TOKEN} extra`,
      `Bearer ${TOKEN}, Bearer evil`,
      `Bearer ${TOKEN}\textra`,
      `Bearer ${TOKEN} `,
      'Bearer a b',
    ]) {
      await expectRefusal(() => read('Authorization', value), 'malformed_request', 400);
    }
  });

  it('refuses two Authorization fields in any order, identical ones too (A-09, A-10, A-11)', async () => {
    for (const [first, second] of [
      [`Bearer ${TOKEN}`, 'Bearer bad'],
      ['Bearer bad', `Bearer ${TOKEN}`],
      [`Bearer ${TOKEN}`, `Bearer ${TOKEN}`],
      ['Basic dTpw', `Bearer ${TOKEN}`],
      ['', ''],
    ] as const) {
      await expectRefusal(
        () => read('Authorization', first, 'Host', 'x', 'authorization', second),
        'malformed_request',
        400,
      );
    }
  });

  it('refuses access_token in the query, with and without a header, also percent-encoded (A-13)', async () => {
    for (const url of [
      `/mcp?access_token=${TOKEN}`,
      '/mcp?a=1&access_token',
      '/mcp?%61ccess_token=x',
      'http://evil.example/mcp?access_token=x',
    ]) {
      await expectRefusal(
        () => readCredential(['Authorization', `Bearer ${TOKEN}`], url, limits),
        'malformed_request',
        400,
      );
      await expectRefusal(() => readCredential([], url, limits), 'malformed_request', 400);
    }
    expect(readCredential([], '/mcp?my_access_token=x&b=access_token', limits)).toEqual({ kind: 'none' });
    expect(readCredential([], '/access_token', limits)).toEqual({ kind: 'none' });
  });

  it('refuses a token above the limit as 401 before it looks at its characters (A-17)', async () => {
    expect(read('Authorization', `Bearer ${'a'.repeat(8192)}`)).toMatchObject({ kind: 'bearer' });
    await expectRefusal(() => read('Authorization', `Bearer ${'a'.repeat(8193)}`), 'token_too_large', 401);
    await expectRefusal(() => read('Authorization', `Bearer ${'"'.repeat(8193)}`), 'token_too_large', 401);
    expect(
      readCredential(['Authorization', `Bearer ${'a'.repeat(15_000)}`], '/mcp', { tokenBytes: 16_000 }),
    ).toMatchObject({ kind: 'bearer' });
  });

  it('refuses characters outside the b64token alphabet as a malformed token (A-21)', async () => {
    for (const token of [
      'a"b',
      'a,b',
      'a<b',
      '{"payload":"x"}',
      'a=b',
      '=',
      '==',
      'a\u00e9',
      'a\u0000',
      'a:b',
      "a'b",
      'a%b',
    ]) {
      await expectRefusal(() => read('Authorization', `Bearer ${token}`), 'malformed_token', 401);
    }
    expect(read('Authorization', 'Bearer a-._~+/Z9==')).toEqual({ kind: 'bearer', token: 'a-._~+/Z9==' });
  });

  it('ignores Proxy-Authorization and every other field that looks like a credential (A-23, K-01, K-15)', () => {
    expect(
      read('Proxy-Authorization', 'Bearer evil', 'X-Enterprise-Token', 'evil', 'X-Forwarded-User', 'admin'),
    ).toEqual({ kind: 'none' });
    expect(read('Proxy-Authorization', 'Bearer evil', 'Authorization', `Bearer ${TOKEN}`)).toEqual({
      kind: 'bearer',
      token: TOKEN,
    });
  });

  it('never shows the token or a part of it in a refusal', async () => {
    for (const value of [`Bearer ${TOKEN} x`, `Bearer\t${TOKEN}`, `Bearer ${TOKEN}"`, `Bearer ${TOKEN.repeat(300)}`]) {
      const { message, stack, detail } = await refusalOf(() => read('Authorization', value));
      const told = JSON.stringify({ message, stack, detail });
      for (const part of [TOKEN, ...TOKEN.split('.')]) expect(told).not.toContain(part);
    }
  });

  it('reads long and hostile values in one pass (I-09)', async () => {
    await expectRefusal(() => read('Authorization', `Bearer${' '.repeat(200_000)}`), 'malformed_request', 400);
    await expectRefusal(() => read('Authorization', `Bearer ${'a.'.repeat(100_000)}`), 'token_too_large', 401);
    expect(read('Authorization', 'B'.repeat(200_000))).toEqual({ kind: 'unsupported' });
  });

  it('throws nothing but a Refusal, whatever the header and the URL', () => {
    const value = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.string().map((text) => `Bearer ${text}`),
    );
    const field = fc.tuple(fc.constantFrom('Authorization', 'authorization', 'Host'), value);
    fc.assert(
      fc.property(
        fc.array(field, { maxLength: 3 }),
        fc.oneof(fc.string(), fc.webUrl({ withQueryParameters: true })),
        (fields, url) => {
          try {
            const credential = readCredential(fields.flat(), url, { tokenBytes: 32 });
            if (credential.kind === 'bearer') expect(credential.token).toMatch(/^[A-Za-z0-9\-._~+/]+=*$/);
          } catch (error) {
            expect(error).toBeInstanceOf(Refusal);
          }
        },
      ),
    );
  });
});
