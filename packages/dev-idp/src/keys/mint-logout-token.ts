import { randomUUID } from 'node:crypto';
import { signJwt } from './sign-jwt.ts';
import type { SigningAlgorithm, SigningKeys } from './signing-keys.ts';

export interface MintLogoutTokenOptions {
  /** `aud`: whom the provider would send it to. */
  readonly audience: string;
  /** Whose sessions end. OpenID Connect Back-Channel Logout 1.0 §2.4 wants `sub`, `sid` or both; here nothing is checked. */
  readonly sub?: string;
  /** Which session ends. */
  readonly sid?: string;
  /** Seconds from now to `exp`; negative for a token that has expired. Default 120. */
  readonly expiresInSeconds?: number;
  /** Default: the provider's. */
  readonly algorithm?: SigningAlgorithm;
  /** Claims that replace or join the others, right or wrong; `undefined` removes one. */
  readonly claims?: Readonly<Record<string, unknown>>;
  /** The same for the protected header. `alg` can not be replaced: use `algorithm`. */
  readonly header?: Readonly<Record<string, unknown>>;
}

export interface LogoutDefaults {
  readonly issuer: string;
  readonly algorithm: SigningAlgorithm;
}

const logoutEvent = 'http://schemas.openid.net/event/backchannel-logout';

/** Signs a logout token (OpenID Connect Back-Channel Logout 1.0 §2.4) with a key of the provider. Nobody is logged out by it here. */
export async function mintLogoutToken(
  keys: SigningKeys,
  defaults: LogoutDefaults,
  options: MintLogoutTokenOptions,
): Promise<string> {
  const iat = Math.floor(Date.now() / 1000);
  const claims = {
    iss: defaults.issuer,
    aud: options.audience,
    sub: options.sub,
    sid: options.sid,
    iat,
    exp: iat + (options.expiresInSeconds ?? 120),
    jti: randomUUID(),
    events: { [logoutEvent]: {} },
    ...options.claims,
  };
  const algorithm = options.algorithm ?? defaults.algorithm;
  return signJwt(keys, { algorithm, header: { typ: 'logout+jwt', ...options.header }, claims });
}
