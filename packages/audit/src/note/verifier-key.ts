import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import { decodeBase64 } from './base64.ts';
import { ed25519KeyId, ed25519Type, isKeyName } from './key-id.ts';
import { NoteError } from './note-error.ts';

/** Who verifies one kind of signature of one key. A signature scheme of another kind, such as a witness's, is another one of these. */
export interface NoteVerifier {
  /** Name of the key, as it stands in the signature line. */
  readonly name: string;
  /** Eight hexadecimal digits. */
  readonly keyId: string;
  /** `message`: the text of the note, UTF-8. False when the signature does not hold. */
  verify(message: Uint8Array, signature: Uint8Array): boolean;
}

/** An Ed25519 public key with its name. */
export interface VerifierKey extends NoteVerifier {
  /** Raw, 32 bytes. */
  readonly publicKey: Uint8Array;
  /** The text form: `<name>+<key id>+<Base64 of 0x01 ‖ public key>`. */
  readonly vkey: string;
}

const keyBytes = 32;
const spkiHead = Buffer.from('302a300506032b6570032100', 'hex');

/**
 * Reads the text form of an Ed25519 verifier key (C2SP signed-note): `<name>+<key id>+<Base64 of 0x01 ‖ public key>`. The key id
 * must be that of the key. White space around it is ignored.
 *
 * @throws NoteError `malformed`.
 */
export function parseVerifierKey(text: string): VerifierKey {
  const parts = text.trim().split('+');
  const [name, keyId] = parts;
  // Base64 may hold plus signs itself.
  const encoded = decodeBase64(parts.slice(2).join('+'));
  if (name === undefined || keyId === undefined || encoded === undefined || !isKeyName(name)) {
    throw new NoteError('malformed', 'a verifier key is <name>+<key id>+<Base64>');
  }
  if (encoded[0] !== ed25519Type || encoded.length !== 1 + keyBytes) {
    throw new NoteError('malformed', 'the verifier key is no Ed25519 key');
  }
  const key = createVerifierKey(name, encoded.subarray(1));
  if (key.keyId !== keyId) {
    throw new NoteError('malformed', `the key id ${keyId.slice(0, 16)} is not that of the key, ${key.keyId}`);
  }
  return key;
}

/**
 * The verifier of a raw Ed25519 public key.
 *
 * @throws NoteError `malformed` when name or key can not be one.
 */
export function createVerifierKey(name: string, publicKey: Uint8Array): VerifierKey {
  if (!isKeyName(name)) throw new NoteError('malformed', 'a key name has no white space and no plus sign');
  if (publicKey.length !== keyBytes) throw new NoteError('malformed', 'an Ed25519 public key has 32 bytes');
  const raw = Buffer.from(publicKey);
  const keyId = ed25519KeyId(name, raw);
  const key: KeyObject = createPublicKey({ key: Buffer.concat([spkiHead, raw]), format: 'der', type: 'spki' });
  return {
    name,
    keyId,
    publicKey: raw,
    vkey: `${name}+${keyId}+${Buffer.concat([Buffer.of(ed25519Type), raw]).toString('base64')}`,
    verify: (message, signature) => signature.length === 64 && verify(null, message, key, signature),
  };
}
