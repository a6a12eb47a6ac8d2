import { Refusal } from '@sallyport/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attemptedScheme, readCredential } from '../../src/credential/read-credential.ts';
import { expectRefusal, refusalOf } from '../support/expect-refusal.ts';

const TOKEN = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ1In0.c2ln';
const limits = { tokenBytes: 8192 };

function read(...fields: string[]): ReturnType<typeof readCredential> {
  return readCredential(fields, '/mcp', limits);
}

describe('readCredential', () => {
  // @verifies TOKEN-6750-HEADER
  it('reads the token after Bearer, whatever the case of the scheme and of the field name', () => {
    for (const scheme of ['Bearer', 'bearer', 'BEARER', 'bEaReR']) {
      expect(read('Host', 'x', 'AUTHORIZATION', `${scheme} ${TOKEN}`)).toEqual({ kind: 'bearer', token: TOKEN });
    }
  });

  // @verifies TOKEN-6750-NO-BODY
  it('says that there is no credential when there is no Authorization field (A-01, A-14, A-15)', () => {
    expect(read('Host', 'x', 'Content-Type', 'application/x-www-form-urlencoded')).toEqual({ kind: 'none' });
  });

  it('treats another scheme as no credential and never shows its value (A-02)', () => {
    for (const value of ['Basic dTpw', 'DPoP abc', 'Bearerx abc', 'Negotiate', 'Basic\tdTpw', TOKEN]) {
      expect(read('Authorization', value)).toEqual({ kind: 'unsupported' });
    }
  });

  it('reads the token after DPoP, with every DPoP field line, where DPoP is accepted (RFC 9449 §7.1)', () => {
    const withDpop = (...fields: string[]): unknown => readCredential(fields, '/mcp', { ...limits, dpop: true });
    for (const scheme of ['DPoP', 'dpop', 'DPOP']) {
      expect(withDpop('Authorization', `${scheme} ${TOKEN}`)).toEqual({ kind: 'dpop', token: TOKEN, proofs: [] });
    }
    expect(withDpop('DPoP', 'one', 'Host', 'x', 'authorization', `DPoP  ${TOKEN}`, 'dpop', 'two', 'DPOP', '')).toEqual({
      kind: 'dpop',
      token: TOKEN,
      proofs: ['one', 'two', ''],
    });
    expect(withDpop('Authorization', `Bearer ${TOKEN}`, 'DPoP', 'one')).toEqual({ kind: 'bearer', token: TOKEN });
    expect(withDpop('DPoP', 'one')).toEqual({ kind: 'none' });
  });

  it('is as strict about the token after DPoP as about the one after Bearer (A-03, A-06, A-07, A-17, A-21)', async () => {
    const withDpop = (value: string): unknown =>
      readCredential(['Authorization', value], '/mcp', { ...limits, dpop: true });
    for (const value of ['DPoP', 'DPoP ', `DPoP\t${TOKEN}`, `DPoP ${TOKEN} extra`, `DPoP ${TOKEN}, DPoP x`, 'DPoP="x"'])
      await expectRefusal(() => withDpop(value), 'malformed_request', 400);
    await expectRefusal(() => withDpop(`DPoP ${'a'.repeat(8193)}`), 'token_too_large', 401);
    await expectRefusal(() => withDpop('DPoP a"b'), 'malformed_token', 401);
  });

  it('takes DPoP for an unsupported scheme where it is off, however it is written', () => {
    for (const value of [`DPoP ${TOKEN}`, 'DPoP', 'dpop a b', 'DPoP "'])
      expect(read('Authorization', value, 'DPoP', 'proof')).toEqual({ kind: 'unsupported' });
  });

  it('refuses a token in both schemes at once (A-09)', async () => {
    const fields = ['Authorization', `DPoP ${TOKEN}`, 'Authorization', `Bearer ${TOKEN}`];
    await expectRefusal(() => readCredential(fields, '/mcp', { ...limits, dpop: true }), 'malformed_request', 400);
  });

  // @verifies TOKEN-6750-SYNTAX
  it('refuses a scheme without a token as a malformed request (A-03)', async () => {
    for (const value of ['Bearer', 'Bearer ', 'bearer    ', '']) {
      const refusal = await expectRefusal(() => read('Authorization', value), 'malformed_request', 400);
      expect(refusal.code).toBe('ERR_REQUEST_MALFORMED_REQUEST');
    }
  });

  // @verifies TOKEN-6750-SYNTAX
  it('accepts several spaces before the token (A-05)', () => {
    expect(read('Authorization', `Bearer  ${TOKEN}`)).toEqual({ kind: 'bearer', token: TOKEN });
    expect(read('Authorization', `Bearer     ${TOKEN}`)).toEqual({ kind: 'bearer', token: TOKEN });
  });

  // @verifies TOKEN-6750-SYNTAX
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

  // @verifies TOKEN-6750-SYNTAX, TOKEN-6750-ONE-METHOD
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

  // @verifies TOKEN-6750-ONE-METHOD
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

  // @verifies TOKEN-6750-NO-QUERY, TOKEN-6750-ONE-METHOD
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

  // @verifies TOKEN-6750-SYNTAX
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

  // @verifies TOKEN-MCP-NO-STORAGE
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
      fc.string().map((text) => `DPoP ${text}`),
    );
    const field = fc.tuple(fc.constantFrom('Authorization', 'authorization', 'Host', 'DPoP'), value);
    fc.assert(
      fc.property(
        fc.array(field, { maxLength: 3 }),
        fc.oneof(fc.string(), fc.webUrl({ withQueryParameters: true })),
        (fields, url) => {
          try {
            const credential = readCredential(fields.flat(), url, { tokenBytes: 32, dpop: true });
            if ('token' in credential) expect(credential.token).toMatch(/^[A-Za-z0-9\-._~+/]+=*$/);
          } catch (error) {
            expect(error).toBeInstanceOf(Refusal);
          }
        },
      ),
    );
  });
});

describe('attemptedScheme', () => {
  it('is the scheme of the one Authorization field, well-formed or not', () => {
    for (const value of ['Bearer', 'bearer x y', 'BEARER\tx'])
      expect(attemptedScheme(['authorization', value])).toBe('bearer');
    for (const value of ['DPoP', 'dpop a b', 'DPOP,x']) expect(attemptedScheme(['Authorization', value])).toBe('dpop');
  });

  it('is unknown for no field, several fields and other schemes', () => {
    expect(attemptedScheme(['DPoP', 'x'])).toBeUndefined();
    expect(attemptedScheme(['Authorization', 'Bearer x', 'Authorization', 'DPoP x'])).toBeUndefined();
    for (const value of ['', ' ', 'Basic x', 'Bearerx y', 'DPoPx y', '"Bearer"'])
      expect(attemptedScheme(['Authorization', value])).toBeUndefined();
  });
});
