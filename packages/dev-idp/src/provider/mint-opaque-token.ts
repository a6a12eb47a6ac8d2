import type { Provider } from 'oidc-provider';
import { confirmationOf, type TokenBinding } from '../keys/confirmation.ts';
import { scopeClaim } from '../keys/mint-token.ts';
import type { TokenClaims } from './token-claims.ts';

export interface MintOpaqueTokenOptions {
  /** A user of the provider, who becomes `sub`. Default: `subject`, else the client itself. */
  readonly user?: string;
  /** Any `sub`, of a user or not. */
  readonly subject?: string;
  /** Default: the demo application, or the robot when there is neither user nor subject. Need not be registered. */
  readonly clientId?: string;
  /** What introspection says as they are: nobody is asked whether the user may have them. Default none. */
  readonly scopes?: readonly string[];
  /** `aud`. Default: the first resource. Need not be known. */
  readonly resource?: string;
  /** Seconds until introspection says that it is not active; positive. Default: the provider's `accessTokenSeconds`. */
  readonly expiresInSeconds?: number;
  /** Binds the token with `cnf`: to the public key of DPoP proofs, or to a client certificate in DER. Default: not bound. */
  readonly boundTo?: TokenBinding;
  /** `sid`: the session it was issued in. Default none. */
  readonly sid?: string;
  /**
   * Further members of the introspection response, such as `acr` and `auth_time`. Those that the provider itself answers, such as `active`,
   * `aud`, `exp` and `scope`, can not be replaced: use `fail` with mode `answer` for what no provider would say.
   */
  readonly claims?: Readonly<Record<string, unknown>>;
}

export interface OpaqueDefaults {
  readonly subject: string;
  readonly clientId: string;
  readonly resource: string;
  readonly expiresInSeconds: number;
}

/** Puts an opaque access token into the storage of the provider, without any flow. */
export async function mintOpaqueToken(
  provider: Provider,
  claims: TokenClaims,
  defaults: OpaqueDefaults,
  options: MintOpaqueTokenOptions,
): Promise<string> {
  const { clientId, expiresInSeconds } = defaults;
  if (!Number.isSafeInteger(expiresInSeconds) || expiresInSeconds <= 0)
    throw new TypeError('dev IdP: expiresInSeconds of an opaque token must be a positive integer');
  const scope = scopeClaim(options.scopes);
  const binding = options.boundTo === undefined ? {} : await confirmationOf(options.boundTo);
  const made = { clientId, expiresIn: expiresInSeconds, ...(scope !== undefined && { scope }), ...binding };
  const token = new provider.AccessToken({ ...made, ...(options.sid !== undefined && { sid: options.sid }) } as never);
  token.setAudience(defaults.resource);
  claims.remember(token, { sub: defaults.subject, ...options.claims });
  return token.save();
}

/** Revokes an opaque access token. Gives false for one that is not there: unknown, expired, or a JWT. */
export async function revokeToken(provider: Provider, token: string): Promise<boolean> {
  const found = (await provider.AccessToken.find(token)) ?? (await provider.ClientCredentials.find(token));
  await found?.destroy();
  return found !== undefined;
}
