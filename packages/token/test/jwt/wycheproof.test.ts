import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Refusal } from '@sallyport/core';
import { describe, expect, it } from 'vitest';
import { signatureAlgorithms } from '../../src/jwt/algorithms.ts';
import { decodeCompactJws } from '../../src/jwt/decode-jwt.ts';
import { verifySignature } from '../../src/jwt/verify-signature.ts';
import { readKeySet, selectKey } from '../../src/keys/key-set.ts';

interface Vector {
  readonly tcId: number;
  readonly comment: string;
  readonly jws: string;
  readonly result: 'valid' | 'invalid' | 'acceptable';
}
interface Group {
  readonly public?: { readonly kty: string; readonly alg?: string };
  readonly private?: { readonly kty: string; readonly alg?: string };
  readonly tests: readonly Vector[];
}

const file = fileURLToPath(
  new URL('../../../../../shared/data/wycheproof/json_web_signature_test.json', import.meta.url),
);
const present = existsSync(file);

/**
 * Vectors the suite calls valid and we refuse: the JWK says PS256 or "ES521" and the header PS384 or ES512. RFC 7517 §4.4 makes `alg` of
 * a key binding, so a key kept for one algorithm verifies no other (B-06).
 */
const REFUSED_FOR_ALG = new Set([346, 347, 350, 351]);

/** Our structural checks, key choice and signature check, as a token meets them, without the claims. */
async function verify(jws: string, jwk: object): Promise<void> {
  const { alg, kid } = decodeCompactJws(jws).header;
  if (typeof alg !== 'string' || !signatureAlgorithms.has(alg)) throw new Refusal('alg_not_allowed');
  const key = selectKey(readKeySet([jwk as never]), typeof kid === 'string' ? kid : undefined, alg);
  if (key === undefined) throw new Refusal('key_not_found');
  await verifySignature(jws, key, alg);
}

const suite = present
  ? (JSON.parse(readFileSync(file, 'utf8')) as { numberOfTests: number; testGroups: Group[] })
  : undefined;
const groups = suite?.testGroups ?? [];

describe('the Wycheproof vectors for JSON Web Signature', () => {
  it(
    present ? 'are all run' : 'are NOT CHECKED here, because ../shared/data/wycheproof is not there',
    async ({ annotate }) => {
      if (!present) await annotate(`not found: ${file}`, 'warning');
      expect(groups.reduce((sum, group) => sum + group.tests.length, 0)).toBe(suite?.numberOfTests ?? 0);
    },
  );

  for (const [index, group] of groups.entries()) {
    const jwk = group.public ?? group.private;
    if (jwk === undefined) continue;
    const symmetric = jwk.kty === 'oct';

    // @verifies TOKEN-7515-SIGNATURE, TOKEN-7518-SIGNATURE-FORM
    it(`group ${index} (${jwk.kty} ${jwk.alg ?? ''}): ${symmetric ? 'every symmetric token is refused (B-02)' : 'valid pass, invalid are refused'}`, async () => {
      for (const { tcId, jws, result } of group.tests) {
        const accepted = await verify(jws, jwk).then(
          () => true,
          (error: unknown) => !(error instanceof Refusal),
        );
        const expected = result === 'valid' && !symmetric && !REFUSED_FOR_ALG.has(tcId);
        if (result !== 'acceptable') expect({ tcId, accepted }).toEqual({ tcId, accepted: expected });
      }
    });
  }
});
