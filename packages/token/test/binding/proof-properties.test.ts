import { Refusal } from '@sallyport/core';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PresentedToken } from '../../src/authenticator/presented-token.ts';
import { ALGORITHMS, claimsFor, createBench, mint, RESOURCE, type Bench } from '../support/authentication.ts';
import { createClientKey, dpop, proofFor, sha256, type ClientKey } from '../support/dpop.ts';
import { createSigningKey, segment, signRaw } from '../support/signing-key.ts';
import { startTestIssuer, type TestIssuer } from '../support/test-issuer.ts';

const es = createSigningKey('ES256', 'es');
const clients = (['ES256', 'RS256', 'PS256', 'EdDSA'] as const).map(createClientKey);
const client = clients[0] as ClientKey;

let issuer: TestIssuer;
let b: Bench;
let token: string;
beforeAll(async () => {
  issuer = await startTestIssuer([es.jwk]);
  // Nothing counts as a replay here: a proof must be refused for what it is.
  b = createBench({
    issuers: [{ issuer: issuer.url, algorithms: ALGORITHMS }],
    dpop: { mode: 'accept' },
    replaySet: { add: () => true },
  });
  token = tokenFor(client);
});
afterAll(async () => {
  b.authenticator.close();
  await issuer.close();
});

const tokens = new Map<ClientKey, string>();

/** The one token that is bound to a key: a second signature would make another one. */
function tokenFor(key: ClientKey): string {
  const known = tokens.get(key) ?? mint(es, claimsFor(issuer, b.clock, { jti: key.jkt, cnf: { jkt: key.jkt } }));
  tokens.set(key, known);
  return known;
}

/** The refusal of a request, or nothing when it was accepted. Whatever else is thrown fails the property. */
async function refusalOf(presented: PresentedToken): Promise<Refusal | undefined> {
  try {
    await b.authenticator.authenticate(presented);
    return undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(Refusal);
    expect((error as Refusal).reason).not.toBe('internal_error');
    return error as Refusal;
  }
}

const json = fc.jsonValue({ maxDepth: 4 });
const text = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.string({ minLength: 100, maxLength: 20_000 }));

describe('a DPoP header', () => {
  it('is refused with nothing but a Refusal, whatever stands in it', async () => {
    const line = fc.oneof(
      text,
      fc.array(text, { maxLength: 5 }).map((parts) => parts.join('.')),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 3 }), async (lines) => {
        expect(await refusalOf(dpop(token, ...lines))).toMatchObject({ status: 401 });
      }),
    );
  });

  it('is refused with nothing but a Refusal, whatever the header and the payload of an unsigned proof', async () => {
    const header = fc.record(
      {
        typ: fc.oneof(fc.constant('dpop+jwt'), json),
        alg: fc.oneof(fc.constantFrom(...ALGORITHMS, 'none', 'HS256'), json),
        jwk: fc.oneof(fc.constantFrom(...clients.map(({ jwk }) => jwk)), json),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(header, json),
        fc.oneof(json, fc.string()),
        fc.uint8Array(),
        async (head, payload, signature) => {
          const proof = `${segment(head as object)}.${segment(payload as object)}.${Buffer.from(signature).toString('base64url')}`;
          expect(await refusalOf(dpop(token, proof))).toMatchObject({ status: 401 });
        },
      ),
    );
  });

  it('is refused with nothing but a Refusal, whatever the key in it', async () => {
    const names = [
      'kty',
      'crv',
      'x',
      'y',
      'n',
      'e',
      'd',
      'k',
      'use',
      'key_ops',
      'alg',
      'kid',
      '__proto__',
      'constructor',
    ];
    const change = fc.dictionary(
      fc.constantFrom(...names),
      fc.oneof(json, fc.constantFrom('AQAB', 'P-256', 'RSA', 'EC')),
      { minKeys: 1, maxKeys: 3 },
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...clients), change, async (key, changes) => {
        const refusal = await refusalOf(
          dpop(
            tokenFor(key),
            proofFor(key, b.clock, { token: tokenFor(key), header: { jwk: { ...key.jwk, ...changes } } }),
          ),
        );
        if (refusal !== undefined) expect(refusal.status).toBe(401);
      }),
    );
  });

  it('is accepted only when every claim is right, whatever the claims of a properly signed proof', async () => {
    const right: Record<string, unknown> = {
      htm: 'POST',
      htu: RESOURCE,
      iat: b.clock.nowSeconds,
      ath: sha256(token),
      jti: 'x',
    };
    const names = Object.keys(right);
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(fc.constantFrom(...names, 'exp', 'nbf', 'nonce', '__proto__'), json, { maxKeys: 3 }),
        async (changes) => {
          const payload = JSON.stringify({ ...right, ...changes });
          const proof = signRaw({ typ: 'dpop+jwt', alg: 'ES256', jwk: client.jwk }, payload, client);
          if ((await refusalOf(dpop(token, proof))) !== undefined) return;
          const said = { ...right, ...changes };
          expect({ htm: said['htm'], htu: said['htu'], ath: said['ath'] }).toEqual({
            htm: right['htm'],
            htu: right['htu'],
            ath: right['ath'],
          });
          expect(Math.abs(Number(said['iat']) - b.clock.nowSeconds)).toBeLessThanOrEqual(60);
          expect(said['jti']).toMatch(/^.{1,256}$/su);
        },
      ),
    );
  });

  it('is not accepted with a single character changed, inserted or removed', async () => {
    const good = clients.map((key): [string, string] => {
      const bound = tokenFor(key);
      return [bound, proofFor(key, b.clock, { token: bound })];
    });
    for (const [bound, proof] of good) expect(await refusalOf(dpop(bound, proof))).toBeUndefined();
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=+/. ,\n'.split('');
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...good),
        fc.nat(),
        fc.constantFrom(...alphabet),
        fc.nat(2),
        async ([bound, proof], at, char, how) => {
          const index = at % proof.length;
          const changed = proof.slice(0, index) + (how === 2 ? '' : char) + proof.slice(how === 1 ? index : index + 1);
          if (changed !== proof) expect(await refusalOf(dpop(bound, changed)), changed).toMatchObject({ status: 401 });
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('is not accepted for another token, another method or another key than it was made for', async () => {
    const methods = fc.constantFrom('POST', 'GET', 'DELETE');
    const key = fc.constantFrom(...clients);
    await fc.assert(
      fc.asyncProperty(key, key, methods, methods, async (of, by, made, used) => {
        const proof = proofFor(by, b.clock, { token: tokenFor(by), claims: { htm: made } });
        const refusal = await refusalOf({ ...dpop(tokenFor(of), proof), method: used });
        expect(refusal === undefined).toBe(of === by && made === used);
      }),
    );
  });
});
