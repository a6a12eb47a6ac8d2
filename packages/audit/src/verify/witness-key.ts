import { createHash, createPublicKey, verify, type KeyObject } from 'node:crypto';
import { decodeBase64 } from '../note/base64.ts';
import { isKeyName } from '../note/key-id.ts';
import { NoteError } from '../note/note-error.ts';
import { parseVerifierKey, type NoteVerifier } from '../note/verifier-key.ts';

/** Signature type of a witness's timestamped Ed25519 cosignature (C2SP tlog-cosignature). */
const cosignatureType = 0x04;
const keyBytes = 32;
const timeBytes = 8;
const spkiHead = Buffer.from('302a300506032b6570032100', 'hex');

/**
 * Reads the text form of a witness's key: of type 0x04, whose signatures are timestamped (C2SP tlog-cosignature, cosignature/v1), or a
 * plain Ed25519 verifier key.
 *
 * @throws NoteError `malformed`.
 */
export function parseWitnessKey(text: string): NoteVerifier {
  const parts = text.trim().split('+');
  const [name, keyId] = parts;
  const encoded = decodeBase64(parts.slice(2).join('+'));
  if (encoded?.[0] !== cosignatureType) return parseVerifierKey(text);
  if (name === undefined || keyId === undefined || !isKeyName(name) || encoded.length !== 1 + keyBytes) {
    throw new NoteError('malformed', 'a witness key is <name>+<key id>+<Base64>');
  }
  const expected = createHash('sha256').update(`${name}\n`, 'utf8').update(encoded).digest('hex').slice(0, 8);
  if (expected !== keyId)
    throw new NoteError('malformed', `the key id ${keyId.slice(0, 16)} is not that of the key, ${expected}`);
  const key = createPublicKey({ key: Buffer.concat([spkiHead, encoded.subarray(1)]), format: 'der', type: 'spki' });
  return { name, keyId, verify: (message, signature) => verifyCosignature(key, message, signature) };
}

/** What a witness signs is a header with the time, and then the checkpoint. */
function verifyCosignature(key: KeyObject, message: Uint8Array, signature: Uint8Array): boolean {
  if (signature.length !== timeBytes + 64) return false;
  const time = Buffer.from(signature.subarray(0, timeBytes)).readBigUInt64BE();
  const signed = Buffer.concat([Buffer.from(`cosignature/v1\ntime ${time}\n`), message]);
  return verify(null, signed, key, signature.subarray(timeBytes));
}
