import type { SigningAlgorithm } from '../keys/signing-keys.ts';

/** A resource server that tokens are issued for, after RFC 8707. */
export interface DevResource {
  /** Its identifier: an absolute URI without fragment; the `aud` of its tokens, byte for byte. */
  readonly resource: string;
  /** `jwt` (default): RFC 9068 access tokens. `opaque`: tokens that only introspection (RFC 7662) explains. */
  readonly tokens?: 'jwt' | 'opaque';
  /** The scopes it knows. Default: the provider's `scopes`. */
  readonly scopes?: readonly string[];
  /** The algorithm of its JWTs. Default: the provider's `algorithm`. */
  readonly algorithm?: SigningAlgorithm;
}
