import { isJsonObject, Refusal, type JsonObject, type JsonValue } from '@sallyport/core';
import { signatureAlgorithms } from '../jwt/algorithms.ts';
import { decodeCompactJws, parseClaims, type Claims } from '../jwt/decode-jwt.ts';
import { readVerificationKey, type VerificationKey } from '../keys/verification-key.ts';
import { quote, refuse } from '../refuse.ts';

/** A DPoP proof taken apart. Nothing in it is verified yet. */
export interface DpopProof {
  readonly algorithm: string;
  /** `jwk`, as the client wrote it. */
  readonly jwk: JsonObject;
  /** The same as a key. */
  readonly key: VerificationKey;
  readonly claims: Claims;
}

/** An RSA key of 8192 bits and its signature fit. */
const MAX_PROOF_LENGTH = 8_192;
/** Members of a JWK that must not leave the client (RFC 7518 §6.2.2, §6.3.2, §6.4.1). */
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];
/** Header parameters that name a key elsewhere (RFC 7515 §4.1). In a proof the key is in `jwk` and nowhere else. */
const OTHER_KEYS = ['jku', 'x5u', 'x5c', 'x5t', 'x5t#S256'];

/**
 * Takes a DPoP proof apart and checks what needs no cryptography: it is one compact JWS of type `dpop+jwt`, with an accepted asymmetric
 * algorithm and a public key that fits it (RFC 9449 §4.2, §4.3 items 2, 4, 5 and 7).
 *
 * Throws `Refusal`: `dpop_malformed`, `dpop_alg`.
 */
export function readProof(proof: string, algorithms: ReadonlySet<string>): DpopProof {
  if (proof.length > MAX_PROOF_LENGTH)
    throw refuse('dpop_malformed', 'the proof is too large', { bytes: proof.length });
  const { header, claims } = decode(proof);
  const { typ, alg, jwk } = header;
  if (typ !== 'dpop+jwt') throw refuse('dpop_malformed', 'typ of the proof is not dpop+jwt', { typ: quote(typ) });
  if (typeof alg !== 'string' || !algorithms.has(alg))
    throw refuse('dpop_alg', 'alg of the proof is not allowed', { alg: quote(alg) });
  for (const name of OTHER_KEYS) {
    if (header[name] !== undefined) throw refuse('dpop_malformed', `the header of the proof has ${name}`);
  }
  if (!isJsonObject(jwk)) throw refuse('dpop_malformed', 'the proof has no jwk');
  return { algorithm: alg, jwk, key: readKey(jwk, alg), claims };
}

function decode(proof: string): { header: Claims; claims: Claims } {
  try {
    const { header, payload } = decodeCompactJws(proof);
    return { header, claims: parseClaims(payload, 'payload') };
  } catch (error) {
    throw error instanceof Refusal ? asMalformedProof(error.detail) : error;
  }
}

/** What is wrong with any JWT, said of the proof. */
function asMalformedProof(detail: JsonValue | undefined): Refusal {
  return new Refusal('dpop_malformed', detail === undefined ? {} : { detail });
}

function readKey(jwk: JsonObject, algorithm: string): VerificationKey {
  for (const name of PRIVATE_MEMBERS) {
    if (Object.hasOwn(jwk, name)) throw refuse('dpop_malformed', 'jwk holds a private key');
  }
  const key = readVerificationKey(jwk);
  if (typeof key === 'string') throw refuse('dpop_malformed', `jwk is ${key}`);
  const needed = signatureAlgorithms.get(algorithm);
  if (key.kty !== needed?.kty || key.crv !== needed.crv || (key.alg !== undefined && key.alg !== algorithm))
    throw refuse('dpop_alg', 'the key of the proof is not one for its alg', { alg: algorithm });
  return key;
}
