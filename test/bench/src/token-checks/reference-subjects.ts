import { OAuthError, verifyBearerToken } from '@modelcontextprotocol/server';
import { compactVerify, importJWK, type JWK } from 'jose';

import { createOfficialVerifier } from '../rows/official-verifier.ts';
import { resource } from '../server/call.ts';
import { publicJwk, readPrivateKey, type Algorithm, type SigningKey } from '../tokens/signing-key.ts';
import { algorithmOfCase, goAround, type JwtCase } from './case-tokens.ts';
import type { IssuerOrder } from './protocol.ts';
import type { Subject } from './subject.ts';

/** What `requireBearerAuth` does with a token, with jose behind it. */
export function createOfficialSubject(name: JwtCase, tokens: readonly string[], order: IssuerOrder): Subject {
  const verifier = createOfficialVerifier({ ...order, algorithms: [algorithmOfCase[name]] });
  const options = { verifier, expectedResource: new URL(resource) };
  const isRefused = name === 'expired' || name === 'wrong-audience';
  const nextToken = goAround(tokens.map((token) => `Bearer ${token}`));
  return {
    attempt: () => verifyBearerToken(nextToken(), options),
    isRight: ({ value }) =>
      isRefused
        ? value instanceof OAuthError && value.code === 'invalid_token'
        : !(value instanceof Error) && (value as { clientId?: unknown }).clientId === 'bench',
  };
}

/** jose's check of the signature and of nothing else, with the key in the form that jose uses it in. */
export async function createBareSubject(
  tokens: readonly string[],
  signingKey: Pick<SigningKey, 'privatePem'>,
  algorithm: Algorithm,
): Promise<Subject> {
  const key = await importJWK(publicJwk(readPrivateKey(signingKey)) as JWK, algorithm);
  const options = { algorithms: [algorithm] };
  const nextToken = goAround(tokens);
  return {
    attempt: () => compactVerify(nextToken(), key, options),
    isRight: ({ value }) => (value as { payload?: unknown }).payload instanceof Uint8Array,
  };
}
