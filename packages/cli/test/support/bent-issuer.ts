import { generateKeyPairSync, sign, type JsonWebKey, type KeyObject } from 'node:crypto';
import { localServer } from './local-server.ts';

export interface BentIssuerOptions {
  readonly path?: string;
  /** What the metadata say besides, or instead. */
  readonly metadata?: (issuer: string) => Readonly<Record<string, unknown>>;
  readonly keys?: readonly object[];
  /** What the answers say what time it is. */
  readonly date?: string;
}

export interface BentIssuer {
  readonly issuer: string;
  /** An access token with these claims, signed with the issuer's key. */
  token(claims: Readonly<Record<string, unknown>>, header?: Readonly<Record<string, unknown>>): string;
  readonly jwks: { readonly keys: readonly object[] };
}

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });

/** An issuer that publishes what a test wants. */
export async function bentIssuer(options: BentIssuerOptions = {}): Promise<BentIssuer> {
  const { path = '', metadata, date } = options;
  const jwks = { keys: options.keys ?? [publicJwk(publicKey, 'k1')] };
  let issuer = '';
  const origin = await localServer((req, res) => {
    res.setHeader('content-type', 'application/json');
    if (date !== undefined) {
      res.sendDate = false;
      res.setHeader('date', date);
    }
    const document = {
      issuer,
      jwks_uri: `${issuer}/jwks`,
      registration_endpoint: `${issuer}/reg`,
      code_challenge_methods_supported: ['S256'],
      ...metadata?.(issuer),
    };
    res.end(JSON.stringify(req.url?.endsWith('/jwks') === true ? jwks : document));
  });
  issuer = `${origin}${path}`;
  return { issuer, jwks, token: (claims, header = {}) => signToken({ iss: issuer, ...claims }, header) };
}

/** The JWK of a public key, or of a private one, for a key set. */
export function publicJwk(key: KeyObject, kid: string): JsonWebKey & { kid: string } {
  return { ...key.export({ format: 'jwk' }), kid };
}

function signToken(claims: object, header: object): string {
  const iat = Math.floor(Date.now() / 1000);
  const text = `${encode({ alg: 'ES256', kid: 'k1', typ: 'at+jwt', ...header })}.${encode({ iat, exp: iat + 600, sub: 'alice', client_id: 'app', jti: 'j1', ...claims })}`;
  return `${text}.${sign('sha256', Buffer.from(text), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
