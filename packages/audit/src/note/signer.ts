import { createPrivateKey, createPublicKey, sign, type KeyObject } from 'node:crypto';
import { createVerifierKey, type VerifierKey } from './verifier-key.ts';

/** Signs notes with one key. */
export interface NoteSigner {
  readonly name: string;
  /** Eight hexadecimal digits. */
  readonly keyId: string;
  /** `message`: the text of the note, UTF-8. */
  sign(message: Uint8Array): Uint8Array;
}

/** An Ed25519 private key with its name. It never shows the key. */
export interface SigningKey extends NoteSigner {
  readonly verifier: VerifierKey;
}

const pkcs8Head = Buffer.from('302e020100300506032b657004220420', 'hex');

/** The signer of an Ed25519 private key, given as a key object or as its seed of 32 bytes (RFC 8032 §5.1.5). */
export function createSigningKey(name: string, privateKey: KeyObject | Uint8Array): SigningKey {
  const key =
    privateKey instanceof Uint8Array
      ? createPrivateKey({ key: Buffer.concat([pkcs8Head, privateKey]), format: 'der', type: 'pkcs8' })
      : privateKey;
  const publicKey = createPublicKey(key).export({ format: 'der', type: 'spki' });
  const verifier = createVerifierKey(name, publicKey.subarray(-32));
  return { name, keyId: verifier.keyId, verifier, sign: (message) => sign(null, message, key) };
}
