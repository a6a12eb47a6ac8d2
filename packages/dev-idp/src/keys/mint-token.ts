import { randomUUID } from 'node:crypto';
import { confirmationOf, type TokenBinding } from './confirmation.ts';
import { signJwt } from './sign-jwt.ts';
import type { SigningAlgorithm, SigningKeys } from './signing-keys.ts';

export interface MintTokenOptions {
  /** A user of the provider, who becomes `sub`. Default: `subject`, else the client itself. */
  readonly user?: string;
  /** Any `sub`, of a user or not. */
  readonly subject?: string;
  /** Default: the demo application, or the robot when there is neither user nor subject. Need not be registered. */
  readonly clientId?: string;
  /** Written as they are: nobody is asked whether the user may have them. Default none, and then no `scope` claim. */
  readonly scopes?: readonly string[];
  /** `aud`. Default: the first resource. Need not be known. */
  readonly resource?: string;
  /** Seconds from now to `exp`; negative for a token that has expired. Default: the provider's `accessTokenSeconds`. */
  readonly expiresInSeconds?: number;
  /** Binds the token with `cnf`: to the public key of DPoP proofs, or to a client certificate in DER. Default: not bound. */
  readonly boundTo?: TokenBinding;
  /** `acr`: how the user signed in (RFC 9470 §6.2). Default none. */
  readonly acr?: string;
  /** `auth_time`: when the user signed in, in seconds since the epoch (RFC 9470 §6.2). Default none. */
  readonly authTime?: number;
  /** Default: the resource's. */
  readonly algorithm?: SigningAlgorithm;
  /** Claims that replace or join the others, right or wrong; `undefined` removes one. */
  readonly claims?: Readonly<Record<string, unknown>>;
  /** The same for the protected header. `alg` can not be replaced: use `algorithm`. */
  readonly header?: Readonly<Record<string, unknown>>;
}

export interface MintDefaults {
  readonly issuer: string;
  readonly subject: string;
  readonly clientId: string;
  readonly resource: string;
  readonly expiresInSeconds: number;
  readonly algorithm: SigningAlgorithm;
}

/** Signs an RFC 9068 access token with a key of the provider, without any flow: nothing that is asked for is checked. */
export async function mintToken(keys: SigningKeys, defaults: MintDefaults, options: MintTokenOptions): Promise<string> {
  const iat = Math.floor(Date.now() / 1000);
  const claims = {
    iss: defaults.issuer,
    sub: defaults.subject,
    aud: defaults.resource,
    client_id: defaults.clientId,
    scope: scopeClaim(options.scopes),
    jti: randomUUID(),
    iat,
    exp: iat + defaults.expiresInSeconds,
    acr: options.acr,
    auth_time: options.authTime,
    cnf: options.boundTo === undefined ? undefined : await confirmationOf(options.boundTo),
    ...options.claims,
  };
  const algorithm = options.algorithm ?? defaults.algorithm;
  return signJwt(keys, { algorithm, header: { typ: 'at+jwt', ...options.header }, claims });
}

/** `scope` as RFC 8693 §4.2 writes it; without scopes there is no such claim. */
export function scopeClaim(scopes: readonly string[] | undefined): string | undefined {
  return scopes === undefined || scopes.length === 0 ? undefined : scopes.join(' ');
}
