/** What a request presents to prove who is calling. */
export interface PresentedToken {
  /** The authentication scheme of the `Authorization` field. */
  readonly scheme: 'bearer' | 'dpop';
  readonly token: string;
  /** HTTP method of the request, for `htm` of a DPoP proof. */
  readonly method: string;
  /** The value of every `DPoP` field line, in order. */
  readonly proofs: readonly string[];
  /** DER of the client certificate that a trusted proxy passed on (RFC 9440), already decoded. */
  readonly certificate?: Uint8Array | undefined;
  /**
   * Why a client certificate that was named in a header does not count, for the record. `untrusted`: not by a trusted proxy, or not in
   * the header it uses. `malformed`: not in the form of RFC 9440.
   */
  readonly certificateProblem?: 'untrusted' | 'malformed' | undefined;
}
