import { createPrivateKey, type KeyObject } from 'node:crypto';
import { signingKeyProblem } from './key-problem.ts';

const seedBytes = 32;
const hexSeed = /^[0-9A-Fa-f]{64}$/;
const base64Seed = /^[A-Za-z0-9+/_-]{43}=?$/;
const remedy = 'make one with `openssl genpkey -algorithm ed25519`';

/**
 * Reads an Ed25519 private key: PKCS#8 in PEM, or its seed of 32 bytes, raw or in hexadecimal, Base64 or Base64url (RFC 8032
 * §5.1.5). White space around it is ignored.
 *
 * @throws SetupError `ERR_AUDIT_KEY` when it is none of these.
 */
export function parseSigningKey(
  value: string | Uint8Array,
  where: { readonly file?: string; readonly field?: string } = { field: 'audit.signingKey' },
): KeyObject | Uint8Array {
  if (typeof value !== 'string') {
    if (value.length === seedBytes) return value;
    throw signingKeyProblem(where, 'is not a seed of 32 bytes', remedy);
  }
  const text = value.trim();
  if (text.startsWith('-----BEGIN ')) return fromPem(text, where);
  if (hexSeed.test(text)) return Buffer.from(text, 'hex');
  if (base64Seed.test(text)) return Buffer.from(text, 'base64');
  throw signingKeyProblem(
    where,
    'is neither a private key in PEM nor a seed of 32 bytes in hexadecimal or Base64',
    remedy,
  );
}

function fromPem(pem: string, where: { readonly file?: string; readonly field?: string }): KeyObject {
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch {
    // The error of the library may quote the key.
    throw signingKeyProblem(where, 'is no private key in PEM without a passphrase', remedy);
  }
  if (key.asymmetricKeyType !== 'ed25519') {
    throw signingKeyProblem(where, `is of type ${key.asymmetricKeyType ?? 'unknown'}, not Ed25519`, remedy);
  }
  return key;
}
