import { randomUUID } from 'node:crypto';

import { benchClaims } from '../tokens/bench-claims.ts';
import { readPrivateKey, signToken, type Algorithm } from '../tokens/signing-key.ts';
import type { IssuerOrder } from './protocol.ts';
import type { CaseName } from './token-case.ts';

/** A case whose token is a JWT that nobody has to prove the possession of. */
export type JwtCase = Exclude<CaseName, 'opaque-cached' | 'dpop'>;

/** Distinct tokens of a case that is not cached: more than the cache holds, so that each has left it before its turn. */
const distinctTokens = 64;

/** Entries of the cache for such a case. */
export const smallCache: number = 8;

export const algorithmOfCase: Readonly<Record<CaseName, Algorithm>> = {
  cached: 'RS256',
  'opaque-cached': 'RS256',
  rs256: 'RS256',
  es256: 'ES256',
  eddsa: 'EdDSA',
  expired: 'RS256',
  'wrong-audience': 'RS256',
  dpop: 'ES256',
};

/** Signs the tokens of a case. */
export function signCaseTokens(name: JwtCase, { issuer, keys }: IssuerOrder): readonly string[] {
  const key = readPrivateKey(keys[algorithmOfCase[name]]);
  const length = name === 'cached' ? 1 : distinctTokens;
  return Array.from({ length }, () =>
    signToken(key, { ...benchClaims(issuer), jti: randomUUID(), ...changedClaims(name) }),
  );
}

function changedClaims(name: JwtCase): object {
  if (name === 'expired') return { exp: Math.floor(Date.now() / 1000) - 300 };
  return name === 'wrong-audience' ? { aud: 'http://127.0.0.1:8080/another' } : {};
}

/** Gives the tokens one after another, again and again. */
export function goAround(tokens: readonly string[]): () => string {
  let next = 0;
  return () => {
    const token = tokens[next] ?? '';
    next = (next + 1) % tokens.length;
    return token;
  };
}
