import { createHash, randomUUID, type KeyObject } from 'node:crypto';

import { calculateJwkThumbprint } from 'jose';

import { resource } from '../server/call.ts';
import { benchClaims } from '../tokens/bench-claims.ts';
import { createSigningKey, publicJwk, readPrivateKey, signToken } from '../tokens/signing-key.ts';
import { createBenchAuthenticator, isPrincipal } from './guard-subjects.ts';
import type { IssuerOrder } from './protocol.ts';
import { createBareSubject } from './reference-subjects.ts';
import type { Subject } from './subject.ts';

/** More proofs than anybody checks in a second. */
const proofsPerSecond = 12_000;

/** The guard with a bound token and a new proof for every call, and the bare check of such a proof's signature. */
export async function createDpopSubjects(order: IssuerOrder): Promise<{ sallyport: Subject; bare: Subject }> {
  const clientKey = createSigningKey('ES256');
  const key = readPrivateKey(clientKey);
  const jkt = await calculateJwkThumbprint(publicJwk(key));
  const token = signToken(readPrivateKey(order.keys.ES256), { ...benchClaims(order.issuer), cnf: { jkt } });
  const authenticator = createBenchAuthenticator(order, { dpop: { mode: 'accept' } });
  let proofs: string[] = [];
  const attempt = (): unknown =>
    authenticator.authenticate({ scheme: 'dpop', token, method: 'POST', proofs: [proofs.pop() ?? ''] });
  proofs = [signProof(key, token)];
  await attempt();
  return {
    bare: await createBareSubject([signProof(key, token)], clientKey, 'ES256'),
    sallyport: {
      maxCallsPerSecond: proofsPerSecond,
      prepare(calls) {
        proofs = Array.from({ length: calls }, () => signProof(key, token));
      },
      attempt,
      isRight: ({ value }) => isPrincipal(value) && (value as { proof?: unknown }).proof === 'dpop',
    },
  };
}

/** A proof of possession (RFC 9449 §4.2). */
function signProof(key: KeyObject, token: string): string {
  const ath = createHash('sha256').update(token).digest('base64url');
  const iat = Math.floor(Date.now() / 1000);
  return signToken(
    key,
    { jti: randomUUID(), htm: 'POST', htu: resource, iat, ath },
    { typ: 'dpop+jwt', jwk: publicJwk(key) },
  );
}
