import { OAuthError, OAuthErrorCode, type AuthInfo } from '@modelcontextprotocol/server';
import { createRemoteJWKSet, jwtVerify } from 'jose';

import { resource } from '../server/call.ts';

export interface OfficialVerifierOptions {
  readonly issuer: string;
  readonly jwksUri: string;
  readonly algorithms: readonly string[];
}

/** What `requireBearerAuth` asks about a token. */
export interface OfficialVerifier {
  verifyAccessToken(token: string): Promise<AuthInfo>;
}

/** The verifier that a careful user writes for `requireBearerAuth`: jose with a remote key set, each token each time. */
export function createOfficialVerifier({ issuer, jwksUri, algorithms }: OfficialVerifierOptions): OfficialVerifier {
  const keys = createRemoteJWKSet(new URL(jwksUri));
  return {
    async verifyAccessToken(token) {
      const { payload } = await jwtVerify<{ client_id: string; scope?: string }>(token, keys, {
        issuer,
        audience: resource,
        algorithms: [...algorithms],
        typ: 'at+jwt',
        requiredClaims: ['exp', 'sub', 'client_id'],
      }).catch((cause: unknown) => {
        throw new OAuthError(OAuthErrorCode.InvalidToken, cause instanceof Error ? cause.message : 'invalid token');
      });
      return {
        token,
        clientId: payload.client_id,
        scopes: payload.scope?.split(' ') ?? [],
        expiresAt: payload.exp ?? 0,
        resource: new URL(resource),
        extra: { sub: payload.sub },
      };
    },
  };
}
