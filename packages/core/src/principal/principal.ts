/**
 * How a caller's credential was proven.
 *
 * `jwt`: a signed access token, verified against the issuer's keys.
 */
export type Proof = 'jwt';

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
  /** Delegation chain (`act`); empty when the subject acts for itself. */
  readonly actors: readonly Actor[];
  readonly proof: Proof;
  /** `jti` of the credential. Goes into records only as a keyed hash. */
  readonly tokenId: string | null;
  /** `exp` of the credential, in seconds since the epoch. */
  readonly expiresAt: number;
}

/**
 * A string that is equal for two principals exactly when their identity triples are equal.
 * Unambiguous for any content, so it is safe as a key of maps, caches and limits.
 */
export function identityKey(principal: Pick<Principal, 'issuer' | 'subject' | 'clientId'>): string {
  return JSON.stringify([principal.issuer, principal.subject, principal.clientId]);
}
