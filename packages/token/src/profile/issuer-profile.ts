import type { JsonValue } from '@sallyport/core';
import type { Claims } from '../jwt/decode-jwt.ts';

/** Where one kind of IdP keeps things. One source for each fact, never a union of claims. */
export interface IssuerProfile {
  readonly name: 'rfc9068';
  /** Accepted `typ` headers: lower case, without `application/`. */
  readonly types: ReadonlySet<string>;
  /** Accepted `typ` claims of the payload, written the same way. */
  readonly payloadTypes: ReadonlySet<string>;
  /** The raw client id; the caller checks its form. */
  clientId(claims: Claims): JsonValue | undefined;
  /** Granted scopes without duplicates; a claim of another form than the profile's grants nothing. */
  scopes(claims: Claims): string[];
}
