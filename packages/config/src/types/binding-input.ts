import type { SignatureAlgorithm } from './config-input.ts';

/** Tokens bound to a key of the client (RFC 9449), as the file writes it. */
export interface DpopInput {
  /** Whether tokens may or must be bound. Default `off`. */
  readonly mode?: 'off' | 'accept' | 'require';
  /** Accepted signature algorithms of proofs. Default ES256, EdDSA, PS256, RS256. */
  readonly algorithms?: readonly SignatureAlgorithm[];
  /** Seconds by which `iat` of a proof may differ from now, 1 to 300. Default 60. */
  readonly iatWindowSeconds?: number;
  /** Refuse `htu` with a query or fragment. Default false. */
  readonly strictHtu?: boolean;
  /** Demand a nonce of this server in every proof. Default false. */
  readonly nonce?: boolean;
  /** Secret of the nonces. Default: random, for this process alone. */
  readonly nonceKey?: string;
  /** Seconds a nonce is accepted, 10 to 3600. Default 300. */
  readonly nonceLifetimeSeconds?: number;
}

/** Client certificates that a proxy passes on (RFC 9440), as the file writes it. */
export interface ClientCertificateInput {
  /** The header it uses. Default `Client-Cert`. */
  readonly header?: string;
}
