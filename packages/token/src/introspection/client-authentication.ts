import { createPrivateKey, webcrypto, type JsonWebKey, type KeyObject } from 'node:crypto';
import { ClientSecretBasic, ClientSecretPost, PrivateKeyJwt, type ClientAuth } from 'openid-client';
import { invalid } from '../authenticator/invalid.ts';
import type { IntrospectionOptions } from './introspection-options.ts';

/** Gives the authentication of the resource server at an issuer; the key is imported on the first call. */
export type ClientAuthentication = () => Promise<ClientAuth>;

type KeyAlgorithm = webcrypto.RsaHashedImportParams | webcrypto.EcKeyImportParams | webcrypto.Algorithm;

/** Checks the credentials and prepares them. Throws `SetupError`; no message holds a part of a secret. */
export function createClientAuthentication(options: IntrospectionOptions, field: string): ClientAuthentication {
  const { clientSecret, privateKey } = options;
  const method = options.clientAuthentication ?? (privateKey === undefined ? 'client_secret_basic' : 'private_key_jwt');
  if (clientSecret !== undefined && privateKey !== undefined && options.clientAuthentication === undefined)
    throw invalid(
      field,
      'has both clientSecret and privateKey',
      'remove one, or say with clientAuthentication which one to use',
    );
  if (method === 'private_key_jwt') {
    if (privateKey !== undefined) return withPrivateKey(privateKey, options.keyId, `${field}.privateKey`);
    throw invalid(field, 'has no privateKey', 'set the one whose public half is registered at the issuer');
  }
  if (clientSecret === undefined)
    throw invalid(field, 'has no clientSecret', 'set the secret that the issuer gave out, or a privateKey');
  if (clientSecret === '')
    throw invalid(`${field}.clientSecret`, 'is empty', 'set the secret that the issuer gave out');
  const authentication =
    method === 'client_secret_post' ? ClientSecretPost(clientSecret) : ClientSecretBasic(clientSecret);
  return () => Promise.resolve(authentication);
}

function withPrivateKey(text: string, keyId: string | undefined, field: string): ClientAuthentication {
  const { key, kid, alg } = readPrivateKey(text, field);
  const algorithm = importAlgorithm(key, alg);
  if (algorithm === undefined)
    throw invalid(
      field,
      'is of a kind that can not sign',
      'use an RSA key of 2048 bits or more, P-256, P-384, P-521 or Ed25519',
    );
  let imported: Promise<ClientAuth> | undefined;
  return () => {
    imported ??= webcrypto.subtle
      .importKey('pkcs8', key.export({ format: 'der', type: 'pkcs8' }), algorithm, false, ['sign'])
      .then((cryptoKey) => {
        const id = keyId ?? kid;
        return PrivateKeyJwt(id === undefined ? cryptoKey : { key: cryptoKey, kid: id });
      });
    return imported;
  };
}

function readPrivateKey(text: string, field: string): { key: KeyObject; kid?: string; alg?: string } {
  try {
    if (!text.trimStart().startsWith('{')) return { key: createPrivateKey(text) };
    const jwk = JSON.parse(text) as JsonWebKey & { kid?: unknown };
    const { kid, alg } = jwk;
    return {
      key: createPrivateKey({ key: jwk, format: 'jwk' }),
      ...(typeof kid === 'string' && { kid }),
      ...(typeof alg === 'string' && { alg }),
    };
  } catch {
    // The message of the cause may quote what it could not read.
    throw invalid(field, 'is not a private key', 'use PKCS #8 in PEM without a passphrase, or a JWK');
  }
}

/** RS256 unless a JWK asks for PS256: every issuer knows it. The other kinds of key leave no choice. */
function importAlgorithm(key: KeyObject, alg: string | undefined): KeyAlgorithm | undefined {
  const { modulusLength = 0, namedCurve } = key.asymmetricKeyDetails ?? {};
  switch (key.asymmetricKeyType) {
    case 'rsa':
      if (modulusLength < 2048) return undefined;
      return { name: alg === 'PS256' ? 'RSA-PSS' : 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
    case 'ec': {
      const curve = CURVES.get(namedCurve ?? '');
      return curve === undefined ? undefined : { name: 'ECDSA', namedCurve: curve };
    }
    case 'ed25519':
      return { name: 'Ed25519' };
    default:
      return undefined;
  }
}

const CURVES: ReadonlyMap<string, string> = new Map([
  ['prime256v1', 'P-256'],
  ['secp384r1', 'P-384'],
  ['secp521r1', 'P-521'],
]);
