import { constants, generateKeyPairSync, sign, type JsonWebKey, type KeyObject } from 'node:crypto';

export type TestAlgorithm = 'RS256' | 'PS256' | 'ES256' | 'EdDSA';

/** A key pair of an issuer in a test. */
export interface SigningKey {
  readonly algorithm: TestAlgorithm;
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  /** The member of the JWK Set; a test may publish a changed copy. */
  readonly jwk: JsonWebKey & { readonly kid: string; readonly alg: string; readonly use: string };
}

export function createSigningKey(algorithm: TestAlgorithm, kid: string): SigningKey {
  const { privateKey, publicKey } = generate(algorithm);
  return {
    algorithm,
    kid,
    privateKey,
    publicKey,
    jwk: { ...publicKey.export({ format: 'jwk' }), kid, alg: algorithm, use: 'sig' },
  };
}

function generate(algorithm: TestAlgorithm): { privateKey: KeyObject; publicKey: KeyObject } {
  switch (algorithm) {
    case 'ES256':
      return generateKeyPairSync('ec', { namedCurve: 'P-256' });
    case 'EdDSA':
      return generateKeyPairSync('ed25519');
    default:
      return generateKeyPairSync('rsa', { modulusLength: 2048 });
  }
}

export type TokenPart = string | Uint8Array | object;

/** A compact JWS over whatever a test wants in its header and payload: objects become JSON, text and bytes stay as they are. */
export function signRaw(
  header: TokenPart,
  payload: TokenPart,
  key: Pick<SigningKey, 'algorithm' | 'privateKey'>,
): string {
  const input = `${segment(header)}.${segment(payload)}`;
  return `${input}.${signature(input, key).toString('base64url')}`;
}

export function segment(part: TokenPart): string {
  const bytes = part instanceof Uint8Array || typeof part === 'string' ? part : JSON.stringify(part);
  return Buffer.from(bytes as string).toString('base64url');
}

function signature(input: string, { algorithm, privateKey }: Pick<SigningKey, 'algorithm' | 'privateKey'>): Buffer {
  const bytes = Buffer.from(input);
  switch (algorithm) {
    case 'RS256':
      return sign('sha256', bytes, privateKey);
    case 'PS256':
      return sign('sha256', bytes, { key: privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 });
    case 'ES256':
      return sign('sha256', bytes, { key: privateKey, dsaEncoding: 'ieee-p1363' });
    case 'EdDSA':
      return sign(null, bytes, privateKey);
  }
}
