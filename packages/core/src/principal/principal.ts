/**
 * How a caller's credential was proven.
 *
 * `jwt`: a signed access token, verified against the issuer's keys. `introspection`: an access token its issuer vouched for when asked.
 * `dpop`: one of these, and a proof that the caller holds the key it is bound to (RFC 9449). `mtls`: one of these, and the client
 * certificate it is bound to (RFC 8705). `enterprise`: a token that a trusted proxy set in a header of its own.
 */
export type Proof = 'jwt' | 'introspection' | 'dpop' | 'mtls' | 'enterprise';

/** One link of a delegation chain, outermost actor first (RFC 8693 §4.1, `act`). */
export interface Actor {
  readonly issuer?: string;
  readonly subject: string;
}

/**
 * Who is calling. A principal exists only after its credential was verified, and is frozen.
 *
 * Identity is the triple (issuer, subject, client id): never compare one of them alone.
 */
export interface Principal {
  /** `iss` of the credential, byte for byte as configured. */
  readonly issuer: string;
  /** `sub` of the credential. Unique only within its issuer. */
  readonly subject: string;
  /** OAuth client id; `null` only where the issuer's profile allows tokens without one. */
  readonly clientId: string | null;
  /** Granted scopes, without duplicates, in the order of the token. */
  readonly scopes: readonly string[];
  readonly tenant: string | null;
  /** Groups of the subject, from the one claim of the issuer's profile; empty where the token names none. They grant no scope. */
  readonly groups: readonly string[];
  /** Roles of the subject, from the one claim of the issuer's profile; empty where the token names none. They grant no scope. */
  readonly roles: readonly string[];
  /** Delegation chain (`act`); empty when the subject acts for itself. */
  readonly actors: readonly Actor[];
  readonly proof: Proof;
  /** `jti` of the credential. Goes into records only as a keyed hash. */
  readonly tokenId: string | null;
  /** `sid` of the credential: the session at the issuer, by which it can be revoked. Never recorded in clear. */
  readonly sessionId: string | null;
  /** `iat` of the credential, in seconds since the epoch. */
  readonly issuedAt: number | null;
  /** `exp` of the credential, in seconds since the epoch. */
  readonly expiresAt: number;
  /** `acr`: how strong the sign-in was, in the words of the issuer (OpenID Connect Core §2, RFC 9470 §6); `null` when it does not say. */
  readonly acr: string | null;
  /** `amr`: the methods of the sign-in (RFC 8176); empty when the issuer does not say. */
  readonly amr: readonly string[];
  /** `auth_time`: when the user last signed in actively, in seconds since the epoch; `null` when the issuer does not say. */
  readonly authTime: number | null;
}

/**
 * A string that is equal for two principals exactly when their identity triples are equal.
 * Unambiguous for any content, so it is safe as a key of maps, caches and limits.
 */
export function identityKey(principal: Pick<Principal, 'issuer' | 'subject' | 'clientId'>): string {
  return JSON.stringify([principal.issuer, principal.subject, principal.clientId]);
}
