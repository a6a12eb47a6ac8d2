import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Issuer } from '../../src/authenticator/issuer.ts';
import { routeToken } from '../../src/authenticator/route-token.ts';
import { bearer, claimsFor, createBench, mint, type Bench } from '../support/authentication.ts';
import { expectRefusal, refusalOf } from '../support/expect-refusal.ts';
import {
  opaqueBench,
  SECRET,
  startIntrospectionIssuer,
  type IntrospectionIssuer,
} from '../support/introspection-issuer.ts';
import { createSigningKey, segment } from '../support/signing-key.ts';

let auto: IntrospectionIssuer;
let jwtOnly: IntrospectionIssuer;
const benches: Bench[] = [];
beforeAll(async () => {
  [auto, jwtOnly] = await Promise.all([startIntrospectionIssuer(), startIntrospectionIssuer()]);
});
afterEach(() => {
  for (const { authenticator } of benches.splice(0)) authenticator.close();
  auto.say = () => auto.about();
  auto.questions.length = 0;
});
afterAll(() => Promise.all([auto.close(), jwtOnly.close()]));

const introspection = { clientId: 'mcp', clientSecret: SECRET };

function bench(tokens: 'auto' | 'opaque' = 'auto'): Bench {
  const made = createBench({
    issuers: [
      { issuer: jwtOnly.url, algorithms: ['ES256'] },
      { issuer: auto.url, algorithms: ['ES256'], tokens, introspection },
    ],
  });
  benches.push(made);
  return made;
}

function jwt(b: Bench, issuer: IntrospectionIssuer, changes: Record<string, unknown> = {}): string {
  return mint(issuer.key, claimsFor(issuer, b.clock, changes));
}

describe('a server with JWTs and opaque tokens', () => {
  it('checks a JWT by its signature, whichever of its issuers it is from', async () => {
    const b = bench();
    for (const issuer of [auto, jwtOnly])
      expect(await b.authenticator.authenticate(bearer(jwt(b, issuer)))).toMatchObject({
        issuer: issuer.url,
        proof: 'jwt',
      });
    expect(auto.questions).toEqual([]);
  });

  it('asks about everything else, and only the issuer with opaque tokens', async () => {
    const b = bench();
    for (const token of [
      'opaque',
      'ya29.a0AfH6SMB',
      'a.b.c',
      'ory_at_x.y',
      'a.b.c.d.e',
      `${segment('{}')}.x.y`,
      `${segment({ typ: 'at+jwt' })}.${segment('text')}.y`,
    ])
      expect(await b.authenticator.authenticate(bearer(token)), token).toMatchObject({
        issuer: auto.url,
        proof: 'introspection',
      });
    expect(auto.questions).toHaveLength(7);
    expect(jwtOnly.questions).toEqual([]);
  });

  it('asks nobody about a JWT that names no issuer', async () => {
    const b = bench();
    for (const iss of [undefined, null, 7, [jwtOnly.url], [auto.url]])
      for (const issuer of [auto, jwtOnly])
        await expectRefusal(() => b.authenticator.authenticate(bearer(jwt(b, issuer, { iss }))), 'iss_unknown', 401);
    expect(auto.questions).toEqual([]);
  });

  it.each(['auto', 'opaque'] as const)(
    'asks nobody about a JWT written in another way (tokens: %s)',
    async (tokens) => {
      const b = bench(tokens);
      for (const issuer of [auto, jwtOnly]) {
        const good = jwt(b, issuer);
        const [header = '', payload = '', signature = ''] = good.split('.');
        const again = (part: string, change: (text: string) => string): string =>
          segment(change(Buffer.from(part, 'base64url').toString()));
        for (const token of [
          `${good}=`,
          `${good}==`,
          `${good}.`,
          `${good}.x`,
          `${good}~`,
          `.${good}`,
          header,
          `${header}.${payload}`,
          `${header}=.${payload}.${signature}`,
          `${again(header, (text) => `\uFEFF${text}`)}.${payload}.${signature}`,
          `${again(header, (text) => `${text}x`)}.${payload}.${signature}`,
          `${header}.${again(payload, (text) => `\uFEFF${text}`)}.${signature}`,
          `${header}.${again(payload, (text) => text.replace('{', `{"iss":"${jwtOnly.url}",`))}.${signature}`,
          `${header}.${payload}.+/${signature}`,
          `${header}.${payload}.${'x'.repeat(20)}.${signature}.tag`,
        ])
          await expectRefusal(() => b.authenticator.authenticate(bearer(token)), 'malformed_token', 401);
      }
      expect(auto.questions).toEqual([]);
    },
  );

  // @verifies TOKEN-ROUTING
  it('never asks about a JWT that failed (B-81)', async () => {
    const b = bench();
    const stranger = createSigningKey('ES256', 'k');
    const good = jwt(b, auto);
    const failing: [string, string][] = [
      [mint(stranger, claimsFor(auto, b.clock)), 'bad_signature'],
      [jwt(b, auto, { exp: b.clock.nowSeconds - 100 }), 'expired'],
      [jwt(b, auto, { aud: 'https://other' }), 'aud_mismatch'],
      [`${good.slice(0, -4)}AAAA`, 'bad_signature'],
      [good.slice(0, good.lastIndexOf('.') + 1), 'bad_signature'],
      [mint(auto.key, claimsFor(auto, b.clock), { alg: 'none', typ: 'at+jwt' }), 'alg_not_allowed'],
      [
        mint(auto.key, claimsFor(auto, b.clock), { alg: 'ES256', kid: 'k', typ: 'at+jwt', crit: ['x'] }),
        'malformed_token',
      ],
      [mint(auto.key, claimsFor(auto, b.clock), { alg: 'ES256', kid: 'k', typ: 'JWT' }), 'typ_mismatch'],
      [mint(jwtOnly.key, claimsFor(jwtOnly, b.clock, { aud: 'x' })), 'aud_mismatch'],
    ];
    for (const [token, reason] of failing) {
      const refusal = await refusalOf(() => b.authenticator.authenticate(bearer(token)));
      expect([refusal.reason, refusal.status]).toEqual([reason, 401]);
    }
    expect(auto.questions).toEqual([]);
  });

  it('asks nobody about a JWT of an issuer that is not configured (B-35, C-06)', async () => {
    const b = bench();
    for (const iss of ['https://other.example', `${auto.url}/`, '__proto__', ''])
      await expectRefusal(() => b.authenticator.authenticate(bearer(jwt(b, auto, { iss }))), 'iss_unknown', 401);
    expect(auto.questions).toEqual([]);
  });
});

describe('an issuer whose tokens are all opaque', () => {
  it('is asked about its JWTs too; those of another issuer are checked by their signature', async () => {
    const b = bench('opaque');
    expect(await b.authenticator.authenticate(bearer(jwt(b, auto, { aud: 'whatever' })))).toMatchObject({
      proof: 'introspection',
    });
    expect(await b.authenticator.authenticate(bearer(jwt(b, jwtOnly)))).toMatchObject({
      issuer: jwtOnly.url,
      proof: 'jwt',
    });
    expect(auto.questions).toHaveLength(1);
  });

  it('is asked about whatever looks like a JWT when it is the only one, but not about the JWTs of others', async () => {
    const b = opaqueBench(auto);
    benches.push(b);
    const good = jwt(b, auto);
    const tokens = [good, `${good}=`, jwt(b, auto, { iss: undefined }), `${segment({ alg: 'dir', enc: 'x' })}..a.b.c`];
    for (const token of tokens)
      expect(await b.authenticator.authenticate(bearer(token)), token).toMatchObject({ proof: 'introspection' });
    await expectRefusal(() => b.authenticator.authenticate(bearer(jwt(b, jwtOnly))), 'iss_unknown', 401);
    expect(auto.questions).toHaveLength(tokens.length);
  });

  it('needs no keys', async () => {
    const b = opaqueBench(auto);
    const before = auto.count('/jwks');
    b.authenticator.start();
    await b.authenticator.authenticate(bearer('t'));
    expect(auto.count('/jwks')).toBe(before);
    expect(b.authenticator.status()).toMatchObject([{ ready: true, keys: false }]);
    b.authenticator.close();
  });
});

describe('a server with JWTs only', () => {
  it('refuses everything else and asks nobody (D-29)', async () => {
    const b = createBench({ issuers: [{ issuer: jwtOnly.url, algorithms: ['ES256'] }] });
    for (const token of ['opaque', 'a.b.c', 'a.b', '...', 'a.b.c.d.e'])
      await expectRefusal(() => b.authenticator.authenticate(bearer(token)), 'malformed_token', 401);
    expect(jwtOnly.questions).toEqual([]);
    b.authenticator.close();
  });
});

describe('routeToken', () => {
  const opaque = { tokens: 'auto' } as Issuer;
  const issuers = new Map([
    ['https://a.example', { tokens: 'jwt' } as Issuer],
    ['https://b.example', opaque],
  ]);

  it('depends on the bytes of the token and the configuration alone, and throws nothing but a Refusal', async () => {
    const part = fc.oneof(
      fc.base64String(),
      fc.jsonValue().map((value) => segment(JSON.stringify(value))),
      fc.string(),
    );
    const token = fc.oneof(
      fc.string(),
      fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => parts.join('.')),
    );
    fc.assert(
      fc.property(token, (text) => {
        const route = (): unknown => {
          try {
            return routeToken(text, { issuers, opaque });
          } catch (error) {
            return (error as { reason: string }).reason;
          }
        };
        const first = route();
        expect(first === undefined || first === opaque || first === 'iss_unknown').toBe(true);
        expect(route()).toBe(first);
      }),
    );
  });

  // @verifies TOKEN-ROUTING
  it('never lets a mutation of a JWT of a configured issuer become opaque', () => {
    const base64 = (text: string): string => Buffer.from(text).toString('base64').replaceAll('=', '');
    const blank = fc.stringMatching(/^[ \t\r\n]{0,3}$/);
    const part = (value: fc.Arbitrary<object>): fc.Arbitrary<string> =>
      fc
        .record({
          value,
          mark: fc.constantFrom('', '\uFEFF', '\uFEFF\uFEFF'),
          indent: fc.nat(2),
          before: blank,
          after: blank,
        })
        .chain(({ value: json, mark, indent, before, after }) => {
          const text = `${mark}${before}${JSON.stringify(json, undefined, indent)}${after}`;
          return fc.constantFrom(segment(text), base64(text), `${base64(text)}=`, `${base64(text)}==`);
        });
    const extra = fc.dictionary(fc.string(), fc.jsonValue());
    const header = part(extra.map((more) => ({ ...more, alg: 'ES256', x: '?>~\u00FF' })));
    const iss = fc.constantFrom('https://a.example', 'https://b.example', undefined, ['https://b.example']);
    const payload = part(fc.tuple(extra, iss).map(([more, name]) => ({ ...more, iss: name, x: '?>~\u00FF' })));
    const end = fc.constantFrom('', '=', '==', '.', '.x', '.x.y', '~', '\uFEFF', '+/');
    fc.assert(
      fc.property(
        fc.constantFrom('', '.'),
        header,
        payload,
        fc.base64String(),
        end,
        (start, head, body, sign, tail) => {
          expect(routeToken(`${start}${head}.${body}.${sign}${tail}`, { issuers, opaque })).toBeUndefined();
        },
      ),
    );
  });

  it('sends whatever is well-formed where its iss is configured to be checked', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.base64String(),
        (header, claims, signature) => {
          const signed = Buffer.from(signature).toString('base64url');
          const token = (iss: string): string =>
            `${segment(JSON.stringify(header))}.${segment(JSON.stringify({ ...claims, iss }))}.${signed}`;
          expect(routeToken(token('https://a.example'), { issuers, opaque })).toBeUndefined();
          expect(routeToken(token('https://b.example'), { issuers, opaque })).toBeUndefined();
          expect(() => routeToken(token('https://c.example'), { issuers, opaque })).toThrow(
            expect.objectContaining({ reason: 'iss_unknown' }),
          );
        },
      ),
    );
  });
});
