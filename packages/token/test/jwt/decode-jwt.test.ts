import { describe, expect, it } from 'vitest';
import { decodeCompactJws, parseClaims } from '../../src/jwt/decode-jwt.ts';
import { expectRefusal } from '../support/expect-refusal.ts';
import { segment, type TokenPart } from '../support/signing-key.ts';

function token(header: TokenPart, payload: TokenPart = { sub: 'u' }): string {
  return `${segment(header)}.${segment(payload)}.c2ln`;
}

const HEADER = { alg: 'RS256' };

describe('decodeCompactJws', () => {
  it('takes a token apart', () => {
    const { header, payload, signature } = decodeCompactJws(token(HEADER));
    expect(header).toEqual(HEADER);
    expect(payload.toString()).toBe('{"sub":"u"}');
    expect(signature.toString()).toBe('sig');
  });

  it('leaves an empty signature to the checks of algorithm and signature (B-01, B-71)', () => {
    expect(decodeCompactJws(`${segment(HEADER)}.${segment('{}')}.`).signature).toHaveLength(0);
  });

  // @verifies TOKEN-7515-COMPACT, TOKEN-7519-NESTED
  it('refuses everything but three canonical base64url segments (B-69, B-78, B-79)', async () => {
    const good = token(HEADER);
    const [header = '', payload = ''] = good.split('.');
    for (const bad of [
      '',
      '.',
      '..',
      'a',
      `${header}.${payload}`,
      `${good}.`,
      `${good}.x`,
      `${good}.x.y`,
      ` ${good}`,
      `${good} `,
      `${good}\n`,
      `${header}\n.${payload}.c2ln`,
      `${header}.${payload}.c2\nln`,
      `${header}.${payload}.c2ln====`,
      `${header}.${payload}.c2k=`,
      `${header}.${payload}.c2m`,
      `${header}.${payload}.a+b/`,
      `${header}.${payload}.c`,
      `${header}.${payload}=.c2ln`,
      `${header}.${payload}.c2ln\u0000`,
      `${header}.${payload}.ć`,
      '{"payload":"x","signatures":[{"header":{"alg":"none"}}]}',
    ]) {
      await expectRefusal(() => decodeCompactJws(bad), 'malformed_token', 401);
    }
  });

  // @verifies TOKEN-7515-HEADER, TOKEN-8725-UTF8
  it('refuses a header that is not one strict JSON object', async () => {
    for (const header of [
      '[]',
      '"x"',
      'null',
      '1',
      '',
      '{',
      '{"alg":"RS256"}x',
      '{"alg":"RS256","alg":"none"}',
      '{"alg":"RS256","\\u0061lg":"none"}',
      '\ufeff{"alg":"RS256"}',
      Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]),
      Buffer.from('{"alg":"RS256"}', 'utf16le'),
      '{"alg":"RS256","x":"\\ud800"}',
      `{"x":${'['.repeat(5_000)}${']'.repeat(5_000)}}`,
    ]) {
      await expectRefusal(() => decodeCompactJws(token(header)), 'malformed_token', 401);
    }
  });

  // @verifies TOKEN-7515-CRIT, TOKEN-8725-NO-COMPRESSION
  it('refuses crit, b64, zip and enc in every form (B-11, B-13, B-14)', async () => {
    for (const extra of [
      { crit: ['x'], x: 1 },
      { crit: [] },
      { crit: 'x' },
      { crit: ['alg'] },
      { crit: ['exp'] },
      { crit: ['x', 'x'], x: 1 },
      { crit: null },
      { b64: false },
      { b64: true },
      { crit: ['b64'], b64: true },
      { zip: 'DEF' },
      { enc: 'A256GCM' },
    ]) {
      await expectRefusal(() => decodeCompactJws(token({ ...HEADER, ...extra })), 'malformed_token', 401);
    }
  });

  // @verifies TOKEN-7519-NESTED
  it('refuses nested tokens (B-77)', async () => {
    for (const cty of ['JWT', 'jwt', 'application/jwt', 1, null]) {
      await expectRefusal(() => decodeCompactJws(token({ ...HEADER, cty })), 'malformed_token', 401);
    }
    expect(decodeCompactJws(token({ ...HEADER, cty: 'json' })).header).toMatchObject({ cty: 'json' });
  });

  // @verifies TOKEN-7515-KID
  it('refuses a kid that is not a string', async () => {
    for (const kid of [1, null, ['k'], { k: 1 }]) {
      await expectRefusal(() => decodeCompactJws(token({ ...HEADER, kid })), 'malformed_token', 401);
    }
  });
});

describe('parseClaims', () => {
  it('gives an object without a prototype, in which __proto__ is only a name (B-63)', () => {
    const claims = parseClaims(Buffer.from('{"__proto__":{"scope":"admin"},"sub":"u"}'), 'payload');
    expect(Object.getPrototypeOf(claims)).toBeNull();
    expect(claims['scope']).toBeUndefined();
    expect(claims['toString']).toBeUndefined();
    expect(Object.isFrozen(claims)).toBe(true);
  });

  // @verifies TOKEN-7519-CLAIMS
  it('refuses payloads that are not a JSON object (B-67)', async () => {
    for (const payload of ['[]', '"x"', '1', 'null', 'true', '', 'eyJ']) {
      await expectRefusal(() => parseClaims(Buffer.from(payload), 'payload'), 'malformed_token', 401);
    }
  });

  // @verifies TOKEN-7519-CLAIMS, TOKEN-7519-UNIQUE-CLAIMS, TOKEN-8725-UTF8
  it('refuses byte order marks, UTF-16, invalid UTF-8, duplicate names, lone surrogates and infinite numbers (B-65)', async () => {
    for (const payload of [
      Buffer.from('\ufeff{"sub":"u"}'),
      Buffer.from('{"sub":"u"}', 'utf16le'),
      Buffer.concat([Buffer.from('{"sub":"'), Buffer.from([0xc3, 0x28]), Buffer.from('"}')]),
      Buffer.from('{"sub":"u","sub":"v"}'),
      Buffer.from('{"sub":"\\ud800"}'),
      Buffer.from('{"a":[{"\\udfff":1}]}'),
      Buffer.from('{"exp":1e999}'),
      Buffer.from('{"exp":NaN}'),
    ]) {
      await expectRefusal(() => parseClaims(payload, 'payload'), 'malformed_token', 401);
    }
  });
});
