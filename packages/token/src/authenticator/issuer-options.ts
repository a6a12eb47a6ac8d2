/** An issuer of access tokens, as configured. */
export interface IssuerOptions {
  /** Issuer identifier, compared byte for byte with `iss` and with the issuer's metadata. */
  readonly issuer: string;
  /** Accepted `aud` values; default: the resource. */
  readonly audience?: readonly string[] | undefined;
  /** Accepted signature algorithms, asymmetric ones only. */
  readonly algorithms: readonly string[];
  /** Where the keys are; default: `jwks_uri` of the issuer's metadata. */
  readonly jwksUri?: string | undefined;
  /** Refuse tokens whose `aud` names somebody else too. Default false. */
  readonly strictAudience?: boolean | undefined;
  /** Client ids that may use the resource; default: any. */
  readonly allowedClients?: readonly string[] | undefined;
  /** Fetch keys from private and loopback addresses too. Default false. */
  readonly allowPrivateAddresses?: boolean | undefined;
}
