/** How the resource server proves who it is when it asks about a token (RFC 7662 §2.1, RFC 6749 §2.3, RFC 7523 §2.2). */
export type ClientAuthenticationMethod = 'client_secret_basic' | 'client_secret_post' | 'private_key_jwt';

/** Token introspection at one issuer (RFC 7662). `clientSecret` or `privateKey` is needed; with both, `clientAuthentication` says which. */
export interface IntrospectionOptions {
  /** The client id of this resource server at the issuer. */
  readonly clientId: string;
  readonly clientSecret?: string | undefined;
  /** A private key, as PKCS #8 in PEM or as a JWK. */
  readonly privateKey?: string | undefined;
  /** `kid` of the private key at the issuer; default: the one of the JWK, else none. */
  readonly keyId?: string | undefined;
  /** Default `client_secret_basic` with a secret, `private_key_jwt` with a key. */
  readonly clientAuthentication?: ClientAuthenticationMethod | undefined;
  /** Where to ask; default: `introspection_endpoint` of the issuer's metadata. */
  readonly endpoint?: string | undefined;
  /**
   * Longest time, in seconds, for which an answer is reused, and so the longest time for which a token goes on after it was revoked at the
   * issuer. 0 to 3600, 0 for asking anew for every request, also while the same token is being asked about. Default 30.
   */
  readonly cacheSeconds?: number | undefined;
  /** Demand signed answers (RFC 9701). Default false. */
  readonly signedResponse?: boolean | undefined;
  /** Accept answers without `aud`. Needs `allowedClients`. Default false. */
  readonly audienceless?: boolean | undefined;
}
