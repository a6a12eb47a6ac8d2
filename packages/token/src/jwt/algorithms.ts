/** The key a JWS algorithm needs. */
export interface AlgorithmKey {
  readonly kty: 'RSA' | 'EC' | 'OKP';
  readonly crv?: string;
}

const RSA: AlgorithmKey = { kty: 'RSA' };
const ED25519: AlgorithmKey = { kty: 'OKP', crv: 'Ed25519' };

/** The signature algorithms an issuer may be configured with: asymmetric ones only (RFC 8725 §3.1, RFC 7518 §3.1, RFC 8037, RFC 9864). */
export const signatureAlgorithms: ReadonlyMap<string, AlgorithmKey> = new Map<string, AlgorithmKey>([
  ['RS256', RSA],
  ['RS384', RSA],
  ['RS512', RSA],
  ['PS256', RSA],
  ['PS384', RSA],
  ['PS512', RSA],
  ['ES256', { kty: 'EC', crv: 'P-256' }],
  ['ES384', { kty: 'EC', crv: 'P-384' }],
  ['ES512', { kty: 'EC', crv: 'P-521' }],
  ['EdDSA', ED25519],
  ['Ed25519', ED25519],
]);
