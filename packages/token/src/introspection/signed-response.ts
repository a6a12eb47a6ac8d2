import { isJsonObject, Refusal } from '@sallyport/core';
import { decodeCompactJws, mediaType, parseClaims, withoutPrototype, type Claims } from '../jwt/decode-jwt.ts';
import { verifySignature } from '../jwt/verify-signature.ts';
import { findKey } from '../keys/find-key.ts';
import type { KeySource } from '../keys/key-source.ts';
import { IntrospectionProblem } from './introspection-problem.ts';

/** An answer older than this, skew apart, is not the answer to the question that was just asked. */
const MAX_AGE_SECONDS = 60;

export interface SignedResponseRules {
  readonly issuer: string;
  /** Our client id: what `aud` has to name (RFC 9701 §5). */
  readonly clientId: string;
  readonly algorithms: ReadonlySet<string>;
  readonly keys: KeySource;
  readonly clockSkewSeconds: number;
  /** Seconds since the epoch. */
  now(): number;
}

/**
 * Verifies a signed introspection response (RFC 9701 §5) and gives its `token_introspection`: type, algorithm, signature, issuer, audience
 * and age all have to be right.
 *
 * Rejects with `IntrospectionProblem`.
 */
export async function readSignedResponse(jwt: string, rules: SignedResponseRules): Promise<Claims> {
  try {
    return await read(jwt, rules);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const unavailable = error.status === 503;
    const problem = unavailable ? 'its keys can not be had' : 'the signed answer can not be verified';
    throw new IntrospectionProblem(
      unavailable ? 'idp_unavailable' : 'introspection_invalid',
      `${problem} (${error.reason})`,
      { blame: unavailable ? 'endpoint' : 'token' },
    );
  }
}

async function read(jwt: string, rules: SignedResponseRules): Promise<Claims> {
  const { header, payload } = decodeCompactJws(jwt);
  const { typ, alg, kid } = header;
  if (typeof typ !== 'string' || mediaType(typ) !== 'token-introspection+jwt') throw notOurs('is of another type');
  if (typeof alg !== 'string' || !rules.algorithms.has(alg)) throw notOurs('has an algorithm that is not allowed');
  const key = await findKey(rules.keys, typeof kid === 'string' ? kid : undefined, alg);
  await verifySignature(jwt, key, alg);

  const { iss, aud, iat, exp, token_introspection: answer } = parseClaims(payload, 'payload');
  const now = rules.now();
  const skew = rules.clockSkewSeconds;
  if (iss !== rules.issuer) throw notOurs('is from another issuer');
  if (aud !== rules.clientId && !(Array.isArray(aud) && aud.includes(rules.clientId)))
    throw notOurs('is for another resource server');
  if (typeof iat !== 'number' || !(iat <= now + skew && iat >= now - skew - MAX_AGE_SECONDS))
    throw notOurs('is too old, from the future, or says no time');
  if (exp !== undefined && !(typeof exp === 'number' && now < exp + skew)) throw notOurs('has expired');
  if (!isJsonObject(answer)) throw notOurs('has no token_introspection');
  return withoutPrototype(answer);
}

function notOurs(problem: string): IntrospectionProblem {
  return new IntrospectionProblem('introspection_invalid', `the signed answer ${problem}`, { blame: 'token' });
}
