import type { KoaContextWithOIDC, Provider } from 'oidc-provider';

type IssuedToken = InstanceType<Provider['AccessToken']> | InstanceType<Provider['ClientCredentials']>;

/** Claims that tokens have besides those of every token. */
export interface TokenClaims {
  /** Remembers the claims of a token that is minted outside any flow. */
  remember(token: object, claims: Readonly<Record<string, unknown>>): void;
  /** For `extraTokenClaims`. Outside any flow there is no context. */
  of(context: KoaContextWithOIDC | undefined, token: IssuedToken): Record<string, unknown> | undefined;
}

export function createTokenClaims(): TokenClaims {
  const minted = new WeakMap<object, Readonly<Record<string, unknown>>>();
  return {
    remember: (token, claims) => void minted.set(token, claims),
    of(context, token) {
      const claims = minted.get(token);
      if (claims !== undefined) return { ...claims };
      // Opaque tokens of machines have no account; without this, introspection would name no subject for them.
      if (token.kind === 'ClientCredentials') return { sub: token.clientId };
      const source = context?.oidc.entities.AuthorizationCode ?? context?.oidc.entities.RefreshToken;
      if (source === undefined) return undefined;
      // How and when the user signed in (RFC 9068 §2.2.1, RFC 9470 §6.2), and in which session.
      return { acr: source.acr, amr: source.amr, auth_time: source.authTime, sid: source.sessionUid };
    },
  };
}
