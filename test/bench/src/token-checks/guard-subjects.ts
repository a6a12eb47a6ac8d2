import {
  createAuthenticator,
  type Authenticator,
  type AuthenticatorOptions,
  type IssuerOptions,
} from '@sallyport/token';

import { resource } from '../server/call.ts';
import { goAround, smallCache, type JwtCase } from './case-tokens.ts';
import type { IssuerOrder } from './protocol.ts';
import type { Subject } from './subject.ts';

/** The authenticator of a guard that trusts the issuer of this run. */
export function createBenchAuthenticator(
  { issuer, jwksUri }: Pick<IssuerOrder, 'issuer' | 'jwksUri'>,
  options: Partial<AuthenticatorOptions> = {},
  issuerOptions: Partial<IssuerOptions> = {},
): Authenticator {
  return createAuthenticator({
    resource,
    clockSkewSeconds: 30,
    dangerouslyAllowInsecureIssuers: true,
    issuers: [{ issuer, jwksUri, algorithms: ['RS256', 'ES256', 'EdDSA'], ...issuerOptions }],
    ...options,
  });
}

const refusals = new Map<JwtCase, string>([
  ['expired', 'expired'],
  ['wrong-audience', 'aud_mismatch'],
]);

/** The guard with a JWT: from the cache, or checked anew. */
export async function createGuardSubject(
  name: JwtCase,
  tokens: readonly string[],
  order: IssuerOrder,
): Promise<Subject> {
  const isCached = name === 'cached';
  const authenticator = createBenchAuthenticator(order, isCached ? {} : { cache: { maxEntries: smallCache } });
  const nextToken = goAround(tokens);
  const attempt = (): unknown => authenticator.authenticate(bearer(nextToken()));
  const refusal = refusals.get(name);
  if (refusal === undefined) await attempt();
  return {
    attempt,
    isRight: ({ value, wasImmediate }) =>
      refusal === undefined
        ? isPrincipal(value) && wasImmediate === isCached
        : value instanceof Error && (value as { reason?: unknown }).reason === refusal,
  };
}

/** The guard with an opaque token that the issuer was asked about a moment ago. */
export async function createOpaqueSubject(order: IssuerOrder): Promise<Subject> {
  const introspection = {
    clientId: 'bench',
    clientSecret: 'bench',
    endpoint: order.introspectionUri,
    cacheSeconds: 3600,
  };
  const authenticator = createBenchAuthenticator(order, {}, { tokens: 'opaque', introspection });
  const token = 'an-opaque-token-of-the-bench';
  await authenticator.authenticate(bearer(token));
  return {
    attempt: () => authenticator.authenticate(bearer(token)),
    isRight: ({ value, wasImmediate }) => isPrincipal(value) && wasImmediate,
  };
}

export function isPrincipal(value: unknown): boolean {
  return !(value instanceof Error) && (value as { clientId?: unknown }).clientId === 'bench';
}

export function bearer(token: string): Parameters<Authenticator['authenticate']>[0] {
  return { scheme: 'bearer', token, method: 'POST', proofs: [] };
}
