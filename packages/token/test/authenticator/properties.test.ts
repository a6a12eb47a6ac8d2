import { Refusal } from '@sallyport/core';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bearer, ALGORITHMS, claimsFor, createBench, headerFor, mint, type Bench } from '../support/authentication.ts';
import { createSigningKey, segment } from '../support/signing-key.ts';
import { startTestIssuer, type TestIssuer } from '../support/test-issuer.ts';

const es = createSigningKey('ES256', 'ES256');
const keys = [es, ...(['RS256', 'PS256', 'EdDSA'] as const).map((algorithm) => createSigningKey(algorithm, algorithm))];

let issuer: TestIssuer;
let b: Bench;
beforeAll(async () => {
  issuer = await startTestIssuer(keys.map((key) => key.jwk));
  b = createBench({ issuers: [{ issuer: issuer.url, algorithms: ALGORITHMS }] });
});
afterAll(async () => {
  b.authenticator.close();
  await issuer.close();
});

/** The refusal of a token, or nothing when it was accepted. Whatever else is thrown fails the property. */
async function refusalOf(token: string): Promise<Refusal | undefined> {
  try {
    await b.authenticator.authenticate(bearer(token));
    return undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(Refusal);
    expect((error as Refusal).reason).not.toBe('internal_error');
    return error as Refusal;
  }
}

const json = fc.jsonValue({ maxDepth: 4 });
const header = fc.record(
  {
    alg: fc.oneof(fc.constantFrom(...ALGORITHMS, 'none', 'HS256'), json),
    kid: fc.oneof(fc.constantFrom(...ALGORITHMS), json),
    typ: fc.oneof(fc.constantFrom('at+jwt', 'JWT'), json),
    crit: json,
    cty: json,
  },
  { requiredKeys: [] },
);

describe('authenticate', () => {
  it('throws nothing but a Refusal, whatever the token', async () => {
    const text = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.string({ minLength: 100, maxLength: 20_000 }));
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          text,
          fc.array(text, { maxLength: 5 }).map((parts) => parts.join('.')),
        ),
        async (token) => {
          expect(await refusalOf(token)).toBeDefined();
        },
      ),
    );
  });

  it('throws nothing but a Refusal, whatever the header and the payload of an unsigned token', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(header, json),
        fc.oneof(json, fc.string()),
        fc.uint8Array(),
        async (head, payload, signature) => {
          expect(
            await refusalOf(
              `${segment(head as object)}.${segment(payload as object)}.${Buffer.from(signature).toString('base64url')}`,
            ),
          ).toBeDefined();
        },
      ),
    );
  });

  it('throws nothing but a Refusal, whatever the claims of a properly signed token', async () => {
    const names = [
      'iss',
      'aud',
      'sub',
      'client_id',
      'azp',
      'scope',
      'jti',
      'iat',
      'nbf',
      'exp',
      'act',
      'cnf',
      'typ',
      'nonce',
      '__proto__',
      'constructor',
    ];
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(fc.constantFrom(...names), json, { maxKeys: 4 }),
        header,
        async (changes, head) => {
          await refusalOf(mint(es, claimsFor(issuer, b.clock, changes), headerFor(es, head)));
        },
      ),
    );
  });

  // @verifies TOKEN-7515-SIGNATURE, TOKEN-8725-ALL-OPERATIONS
  it('accepts no token with a single character changed, inserted or removed', async () => {
    const tokens = keys.map((key) => mint(key, claimsFor(issuer, b.clock)));
    for (const token of tokens) expect(await refusalOf(token)).toBeUndefined();
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=+/. \n'.split('');
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...tokens),
        fc.nat(),
        fc.constantFrom(...alphabet),
        fc.nat(2),
        async (token, at, char, how) => {
          const index = at % token.length;
          const mutated = token.slice(0, index) + (how === 1 ? '' : char) + token.slice(how === 2 ? index : index + 1);
          fc.pre(mutated !== token);
          expect(await refusalOf(mutated)).toBeDefined();
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('accepts no token whose last character of a segment is changed, where base64 has bits to spare (B-69)', async () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    for (const key of keys) {
      const segments = mint(key, claimsFor(issuer, b.clock)).split('.');
      for (const [index, part] of segments.entries()) {
        for (const char of alphabet) {
          const changed = part.slice(0, -1) + char;
          if (changed !== part) expect(await refusalOf(segments.with(index, changed).join('.'))).toBeDefined();
        }
      }
    }
  });
});
