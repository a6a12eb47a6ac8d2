import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { isJsonObject, type JsonObject, type JsonValue } from '@sallyport/core';
import { decodeBase64url } from '../jwt/base64url.ts';
import { signatureAlgorithms } from '../jwt/algorithms.ts';
import { findKeyProblem, type KeyProblem } from './key-problem.ts';

/** One public key of an issuer. */
export interface VerificationKey {
  readonly kid: string | undefined;
  readonly kty: string;
  readonly crv: string | undefined;
  /** The only algorithm the issuer allows the key for, where it says one. */
  readonly alg: string | undefined;
  /** The issuer whose tokens the key signs, where the key set says so (Entra does). */
  readonly issuer: string | undefined;
  /** The key itself, or why nothing it signs may be accepted. */
  readonly material: KeyObject | KeyProblem;
  /** Equal for two members exactly when they are the same key with the same rules of use. */
  readonly identity: string;
  /** Turns true when the issuer no longer publishes the key. */
  retired: boolean;
}

/** Why a member of a JWK Set is not used. `private` is an issuer's accident that its operator must hear of. */
export type SkippedKey = 'private' | 'not for signatures' | 'unsupported' | 'malformed';

/** The members that make the key, by type; all of them base64url. */
const PARTS: ReadonlyMap<JsonValue, readonly string[]> = new Map<JsonValue, readonly string[]>([
  ['RSA', ['n', 'e']],
  ['EC', ['x', 'y']],
  ['OKP', ['x']],
]);
const CURVES = new Map<string, number>([
  ['EC P-256', 32],
  ['EC P-384', 48],
  ['EC P-521', 66],
  ['OKP Ed25519', 32],
]);

/**
 * Reads one member of a JWK Set (RFC 7517 §4). Unknown kinds and broken members are skipped, as RFC 7517 §5 asks, so that one of them
 * does not take the others with it.
 */
export function readVerificationKey(jwk: JsonValue): VerificationKey | SkippedKey {
  if (!isJsonObject(jwk)) return 'malformed';
  const { kty, kid, alg, crv, issuer } = jwk;
  if (kty === 'oct' || Object.hasOwn(jwk, 'k')) return 'private';
  const parts = PARTS.get(kty ?? null);
  if (typeof kty !== 'string' || parts === undefined) return 'unsupported';
  if (Object.hasOwn(jwk, 'd')) return 'private';
  if (!isStringOrAbsent(kid) || !isStringOrAbsent(alg) || !isStringOrAbsent(crv)) return 'malformed';
  if (!isForSignatures(jwk)) return 'not for signatures';

  const bytes = parts.map((name) => decodePart(jwk[name]));
  if (bytes.includes(undefined)) return 'malformed';
  const size = CURVES.get(`${kty} ${crv ?? ''}`);
  if (kty !== 'RSA' && size === undefined) return 'unsupported';
  if (kty !== 'RSA' && !bytes.every((part) => part?.length === size)) return 'malformed';

  const members: Record<string, JsonValue> = kty === 'RSA' ? { kty } : { kty, crv: crv ?? '' };
  for (const name of parts) members[name] = jwk[name] ?? '';
  const material = findKeyProblem(kty, bytes[0], bytes[1]) ?? createKey(members);
  if (material === undefined) return 'malformed';
  return {
    kid,
    kty,
    crv: kty === 'RSA' ? undefined : crv,
    alg,
    issuer: typeof issuer === 'string' ? issuer : undefined,
    material,
    identity: JSON.stringify([kid ?? null, alg ?? null, issuer ?? null, members]),
    retired: false,
  };
}

/** Node checks that the point of an elliptic curve key is on its curve. */
function createKey(jwk: JsonWebKey): KeyObject | undefined {
  try {
    return createPublicKey({ key: jwk, format: 'jwk' });
  } catch {
    return undefined;
  }
}

/** `use`, `key_ops` and `alg` (RFC 7517 §4.2 to §4.4) must all allow the verification of signatures. */
function isForSignatures(jwk: JsonObject): boolean {
  const { use, key_ops: operations, alg } = jwk;
  if (use !== undefined && use !== 'sig') return false;
  if (operations !== undefined && !(Array.isArray(operations) && operations.includes('verify'))) return false;
  return alg === undefined || (typeof alg === 'string' && signatureAlgorithms.has(alg));
}

function isStringOrAbsent(value: JsonValue | undefined): value is string | undefined {
  return value === undefined || typeof value === 'string';
}

function decodePart(value: JsonValue | undefined): Buffer | undefined {
  if (typeof value !== 'string' || value === '') return undefined;
  return decodeBase64url(value);
}
