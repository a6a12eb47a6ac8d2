import { randomUUID } from 'node:crypto';
import { CompactSign, importJWK } from 'jose';
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
  const alg = options.algorithm ?? defaults.algorithm;
  const jwk = keys.get(alg);
  if (jwk?.kid === undefined) throw new TypeError(`dev IdP: there is no key for ${alg}`);
  const iat = Math.floor(Date.now() / 1000);
  const claims = {
    iss: defaults.issuer,
    sub: defaults.subject,
    aud: defaults.resource,
    client_id: defaults.clientId,
    scope: options.scopes === undefined || options.scopes.length === 0 ? undefined : options.scopes.join(' '),
    jti: randomUUID(),
    iat,
    exp: iat + defaults.expiresInSeconds,
    ...options.claims,
  };
  return new CompactSign(new TextEncoder().encode(JSON.stringify(claims)))
    .setProtectedHeader({ typ: 'at+jwt', kid: jwk.kid, ...options.header, alg })
    .sign(await importJWK(jwk, alg));
}
