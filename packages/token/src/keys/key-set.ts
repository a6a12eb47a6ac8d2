import { member, type JsonArray, type JsonValue } from '@sallyport/core';
import { signatureAlgorithms } from '../jwt/algorithms.ts';
import { quote, refuse } from '../refuse.ts';
import { readVerificationKey, type SkippedKey, type VerificationKey } from './verification-key.ts';

/** The usable keys of one issuer, as published at one moment. */
export interface KeySet {
  readonly keys: readonly VerificationKey[];
  /** How many members were not used, by cause. */
  readonly skipped: ReadonlyMap<SkippedKey, number>;
  /** Key ids that more than one key has; none of these keys is ever used. */
  readonly ambiguous: readonly string[];
}

/** Reads the members of a JWK Set. A key that `previous` holds too is taken over from there, so that a refresh does not change its identity. */
export function readKeySet(members: JsonArray, previous?: KeySet): KeySet {
  const known = new Map(previous?.keys.map((key) => [key.identity, key]));
  const keys: VerificationKey[] = [];
  const skipped = new Map<SkippedKey, number>();
  const seen = new Set<string>();
  const ambiguous = new Set<string>();
  for (const jwk of members) {
    const key = readVerificationKey(jwk);
    if (typeof key === 'string') {
      skipped.set(key, (skipped.get(key) ?? 0) + 1);
      continue;
    }
    keys.push(known.get(key.identity) ?? key);
    if (key.kid !== undefined && seen.has(key.kid)) ambiguous.add(key.kid);
    if (key.kid !== undefined) seen.add(key.kid);
  }
  return { keys, skipped, ambiguous: [...ambiguous] };
}

/**
 * The key for a token, by `kid`; without `kid` the only one that fits the algorithm. `undefined` when the set has no key with that id.
 *
 * Throws `Refusal`: `key_not_found` where the choice is not unique or the key is of another type, `alg_not_allowed` where the issuer
 * keeps the key for another algorithm (RFC 7517 §4.4).
 */
export function selectKey(set: KeySet, kid: string | undefined, algorithm: string): VerificationKey | undefined {
  if (kid === undefined) {
    const candidates = set.keys.filter((key) => fits(key, algorithm) && (key.alg ?? algorithm) === algorithm);
    const [only] = candidates;
    if (only === undefined || candidates.length > 1)
      throw refuse('key_not_found', `no kid, and ${candidates.length} keys fit`);
    return only;
  }
  const named = set.keys.filter((key) => key.kid === kid);
  const [key] = named;
  if (key === undefined) return undefined;
  if (named.length > 1) throw refuse('key_not_found', 'several keys have this kid', { kid: quote(kid) });
  if (!fits(key, algorithm))
    throw refuse('key_not_found', 'the key with this kid is of another type', { kid: quote(kid) });
  if (key.alg !== undefined && key.alg !== algorithm)
    throw refuse('alg_not_allowed', 'the key is kept for another alg', { kid: quote(kid) });
  return key;
}

function fits(key: VerificationKey, algorithm: string): boolean {
  const needed = signatureAlgorithms.get(algorithm);
  return needed !== undefined && needed.kty === key.kty && needed.crv === key.crv;
}

/** The members of a JWK Set document (RFC 7517 §5), or what is wrong with it. */
export function keySetMembers(document: JsonValue, maxKeys: number): JsonArray | string {
  const members = member(document, 'keys');
  if (!Array.isArray(members)) return 'the JWK Set has no list of keys';
  if (members.length > maxKeys) return `the JWK Set has ${members.length} keys, more than ${maxKeys}`;
  return members as JsonArray;
}
