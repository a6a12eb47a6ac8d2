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
  /** Text for the compact form, an object for the JSON form, which is no access token. */
  readonly jws?: string | object;
  readonly jwe?: string;
  readonly result: 'valid' | 'invalid' | 'acceptable';
}
interface Group {
  readonly public?: object;
  readonly private?: object;
  readonly tests: readonly Vector[];
}

const missing = 'NOT CHECKED here, because ../shared/data/wycheproof is not there';

/** The groups of a file of vectors; `undefined` where the folder is not. */
function groupsOf(name: string): readonly Group[] | undefined {
  const file = fileURLToPath(new URL(`../../../../../shared/data/wycheproof/${name}`, import.meta.url));
  if (!existsSync(file)) return undefined;
  return (JSON.parse(readFileSync(file, 'utf8')) as { testGroups: Group[] }).testGroups;
}

/** The key set of a group as an issuer would publish it: without private members. */
function published({ public: open, private: secret }: Group): object[] {
  const given = open ?? secret ?? {};
  const keys = 'keys' in given ? (given.keys as object[]) : [given];
  return keys.map((key) =>
    Object.fromEntries(Object.entries(key).filter(([name]) => !['d', 'p', 'q', 'dp', 'dq', 'qi'].includes(name))),
  );
}

async function accepts(jws: string, keys: object[]): Promise<boolean> {
  try {
    const { alg, kid } = decodeCompactJws(jws).header;
    if (typeof alg !== 'string' || !signatureAlgorithms.has(alg)) throw new Refusal('alg_not_allowed');
    const key = selectKey(readKeySet(keys as never), typeof kid === 'string' ? kid : undefined, alg);
    if (key === undefined) throw new Refusal('key_not_found');
    await verifySignature(jws, key, alg);
    return true;
  } catch (error) {
    if (error instanceof Refusal) return false;
    throw error;
  }
}

describe.each(['json_web_key_test.json', 'json_web_crypto_test.json'])('the Wycheproof vectors of %s', (name) => {
  const groups = groupsOf(name);

  // @verifies TOKEN-7515-SIGNATURE
  it(groups ? 'that are invalid are all refused, and valid ones of asymmetric keys pass' : missing, async () => {
    let asymmetricValid = 0;
    const wrong: object[] = [];
    for (const group of groups ?? []) {
      for (const { tcId, comment, jws: signed, jwe = '', result } of group.tests) {
        const given = signed ?? jwe;
        const jws = typeof given === 'string' ? given : JSON.stringify(given);
        const symmetric = Buffer.from(jws.split('.', 1)[0] ?? '', 'base64url').includes('"HS');
        const accepted = await accepts(jws, published(group));
        const expected = result === 'valid' && !symmetric && typeof signed === 'string';
        if (expected) asymmetricValid += 1;
        if (accepted !== expected) wrong.push({ tcId, comment, accepted });
      }
    }
    expect(wrong).toEqual([]);
    if (groups && name === 'json_web_crypto_test.json') expect(asymmetricValid).toBeGreaterThan(0);
  });
});

describe('the Wycheproof vectors for JSON Web Encryption', () => {
  const groups = groupsOf('json_web_encryption_test.json');

  it(groups ? 'are all refused by their form, valid ones too: no encrypted token is read (B-78)' : missing, () => {
    for (const { jwe = '' } of groups?.flatMap(({ tests }) => tests) ?? []) {
      expect(() => decodeCompactJws(jwe)).toThrow(Refusal);
    }
  });
});
