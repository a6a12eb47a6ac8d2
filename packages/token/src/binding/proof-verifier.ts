import { hash } from 'node:crypto';
import { calculateJwkThumbprint } from 'jose';
import { Refusal, type Clock, type JsonValue } from '@sallyport/core';
import type { PresentedToken } from '../authenticator/presented-token.ts';
import type { Claims } from '../jwt/decode-jwt.ts';
import { verifySignature } from '../jwt/verify-signature.ts';
import { quote, refuse } from '../refuse.ts';
import type { DpopPolicy } from './dpop-options.ts';
import { readHttpUri } from './http-uri.ts';
import type { NonceSource } from './nonce-source.ts';
import { readProof, type DpopProof } from './read-proof.ts';

export interface ProofVerifierOptions extends Pick<DpopPolicy, 'algorithms' | 'iatWindowSeconds' | 'strictHtu'> {
  /** The resource identifier, as configured: what `htu` must be, whatever a request says of its own URL. */
  readonly resource: string;
  /** Absent: no nonce is demanded. */
  readonly nonces?: NonceSource | undefined;
  readonly clock: Clock;
}

/** A proof that holds for its request, but for having been used before. */
export interface VerifiedProof {
  readonly thumbprint: string;
  readonly jti: string;
  /** Seconds since the epoch until which the proof would be accepted again. */
  readonly acceptedUntil: number;
}

/** Verifies the one proof of a request with the token whose `cnf.jkt` is given. Rejects with `Refusal`. */
export type ProofVerifier = (presented: PresentedToken, jkt: string) => Promise<VerifiedProof>;

const MAX_JTI_LENGTH = 256;

/**
 * Makes a verifier of DPoP proofs: the checks of RFC 9449 §4.3 and that the key of the proof is the one the token is bound to. Whether
 * the proof was used before is for `requireFirstUse`.
 *
 * The verifier rejects with `Refusal`: a `dpop_…` reason, or `binding_mismatch` for the key of somebody else.
 */
export function createProofVerifier(options: ProofVerifierOptions): ProofVerifier {
  const algorithms = new Set(options.algorithms);
  const htu = readHttpUri(options.resource)?.normalized;
  if (htu === undefined) throw new TypeError('the resource is not an http or https URI');

  return async (presented, jkt) => {
    const text = onlyProof(presented.proofs);
    const proof = readProof(text, algorithms);
    await requireSignature(text, proof);
    const { claims } = proof;
    const jti = readJti(claims['jti']);
    checkMethod(claims['htm'], presented.method);
    checkUri(claims['htu'], htu, options.strictHtu);
    const iat = checkTime(claims, Math.floor(options.clock.now() / 1_000), options.iatWindowSeconds);
    if (claims['ath'] !== hash('sha256', presented.token, 'base64url'))
      throw refuse('dpop_ath', 'ath is missing or of another token');
    const thumbprint = await calculateJwkThumbprint(proof.jwk);
    if (thumbprint !== jkt) throw refuse('binding_mismatch', 'the proof is by another key than the one of the token');
    if (options.nonces !== undefined) checkNonce(claims['nonce'], options.nonces);
    return { thumbprint, jti, acceptedUntil: iat + options.iatWindowSeconds };
  };
}

/** One field line with one value (RFC 9449 §4.3 item 1). A list with a comma is no JWS and ends later. */
function onlyProof(proofs: readonly string[]): string {
  const [proof, second] = proofs;
  if (proof === undefined) throw refuse('dpop_malformed', 'there is no DPoP header');
  if (second !== undefined) throw refuse('dpop_malformed', 'there is more than one DPoP header');
  return proof;
}

async function requireSignature(text: string, { key, algorithm }: DpopProof): Promise<void> {
  try {
    await verifySignature(text, key, algorithm);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { reason, detail, cause } = error;
    throw new Refusal(reason === 'weak_key' ? 'dpop_alg' : 'dpop_bad_signature', {
      ...(detail !== undefined && { detail }),
      cause,
    });
  }
}

function readJti(jti: JsonValue | undefined): string {
  if (typeof jti !== 'string' || jti === '' || jti.length > MAX_JTI_LENGTH)
    throw refuse('dpop_malformed', `jti is not a string of 1 to ${MAX_JTI_LENGTH} characters`);
  return jti;
}

function checkMethod(htm: JsonValue | undefined, method: string): void {
  if (typeof htm !== 'string') throw refuse('dpop_malformed', 'htm is not a string');
  if (htm !== method) throw refuse('dpop_htm', 'htm is another method', { htm: quote(htm) });
}

function checkUri(htu: JsonValue | undefined, expected: string, strict: boolean): void {
  if (typeof htu !== 'string') throw refuse('dpop_malformed', 'htu is not a string');
  const uri = readHttpUri(htu);
  if (uri?.normalized !== expected)
    throw refuse('dpop_htu', 'htu is another URI', { htu: quote(withoutMore(htu), 256) });
  if (strict && uri.hasMore) throw refuse('dpop_htu', 'htu has a query or a fragment');
}

/** What may be recorded of a URI: a query can hold a secret. */
function withoutMore(uri: string): string {
  return uri.split(/[?#]/, 1)[0] ?? '';
}

/** Gives `iat`. `exp` and `nbf` are not part of a proof, but who sends them means them (RFC 7519 §4.1.4, §4.1.5). */
function checkTime({ iat, exp, nbf }: Claims, nowSeconds: number, windowSeconds: number): number {
  if (!isFiniteNumber(iat)) throw refuse('dpop_malformed', 'iat is not a finite number');
  if (Math.abs(nowSeconds - iat) > windowSeconds)
    throw refuse('dpop_iat', 'iat is not within the window', { iat, now: nowSeconds });
  if (exp !== undefined && !(isFiniteNumber(exp) && nowSeconds < exp + windowSeconds))
    throw refuse('dpop_iat', 'exp of the proof has passed or is not a number');
  if (nbf !== undefined && !(isFiniteNumber(nbf) && nowSeconds >= nbf - windowSeconds))
    throw refuse('dpop_iat', 'nbf of the proof is in the future or not a number');
  return iat;
}

function isFiniteNumber(value: JsonValue | undefined): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function checkNonce(nonce: JsonValue | undefined, nonces: NonceSource): void {
  if (nonce === undefined) throw refuse('dpop_nonce_required', 'the proof has no nonce');
  if (typeof nonce !== 'string' || !nonces.accepts(nonce))
    throw refuse('dpop_nonce', 'the nonce of the proof was not given out here, or too long ago');
}
