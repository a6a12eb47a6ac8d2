import { createHash, generateKeyPairSync, randomUUID, sign, type JsonWebKey } from 'node:crypto';
import type { HeaderValue } from './mcp-request.ts';
import { resource } from './target.ts';

/** A client that holds a key, and writes proofs with it as it likes (RFC 9449 §4). */
export interface DpopClient {
  /** The public key, to bind tokens to. */
  readonly jwk: JsonWebKey & { readonly kty: string };
  /** A proof that passes, and what a test changes: claims and header members, `undefined` to remove one. */
  proof(token: string, changes?: ProofChanges): string;
  /** The headers of a request with a token and a new proof; what a test changes. Call it for every request. */
  headers(token: string, changes?: ProofChanges): Record<string, HeaderValue>;
}

export interface ProofChanges {
  readonly claims?: Record<string, unknown>;
  readonly header?: Record<string, unknown>;
}

export function createDpopClient(): DpopClient {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = { ...publicKey.export({ format: 'jwk' }), kty: 'EC' };
  const client: DpopClient = {
    jwk,
    proof(token, { claims, header } = {}) {
      const said = {
        jti: randomUUID(),
        htm: 'POST',
        htu: resource,
        iat: nowSeconds(),
        ath: accessTokenHash(token),
        ...claims,
      };
      const input = `${segment({ typ: 'dpop+jwt', alg: 'ES256', jwk, ...header })}.${segment(said)}`;
      return `${input}.${sign('sha256', Buffer.from(input), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
    },
    headers: (token, changes) => ({ authorization: `DPoP ${token}`, dpop: client.proof(token, changes) }),
  };
  return client;
}

export function nowSeconds(): number {
  return Math.floor(Date.now() / 1_000);
}

/** `ath` (RFC 9449 §4.2). */
export function accessTokenHash(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}

function segment(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
