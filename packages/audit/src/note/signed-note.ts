import { isUtf8 } from 'node:buffer';
import { wellFormed } from '@sallyport/core';
import { decodeBase64 } from './base64.ts';
import { isKeyName } from './key-id.ts';
import { NoteError } from './note-error.ts';
import type { NoteSigner } from './signer.ts';
import type { NoteVerifier } from './verifier-key.ts';

/** A line `— <name> <Base64 of key id ‖ signature>` of a note. */
export interface NoteSignature {
  readonly name: string;
  /** Eight hexadecimal digits. */
  readonly keyId: string;
  readonly signature: Uint8Array;
}

/** A note with at least one signature of a known key. */
export interface OpenedNote {
  /** What was signed; it ends in a line feed. */
  readonly text: string;
  /** Signatures of known keys. All of them hold. */
  readonly verified: readonly NoteSignature[];
  /** Signatures of keys that are not known. They say nothing. */
  readonly unverified: readonly NoteSignature[];
}

const maxNoteBytes = 1_000_000;
const maxSignatures = 100;
const linePrefix = '\u2014 ';
const lineFeed = 0x0a;

/**
 * Signs a text as a C2SP signed note: the text, an empty line, and one line for each signature.
 *
 * @throws NoteError `malformed` when the text is empty, does not end in a line feed or holds other control characters.
 */
export function signNote(text: string, signers: readonly NoteSigner[]): string {
  requireText(text);
  const message = Buffer.from(text, 'utf8');
  const lines = signers.map((signer) => {
    const bytes = Buffer.concat([Buffer.from(signer.keyId, 'hex'), signer.sign(message)]);
    return `${linePrefix}${signer.name} ${bytes.toString('base64')}\n`;
  });
  return `${text}\n${lines.join('')}`;
}

/**
 * Takes a signed note apart without verifying anything.
 *
 * @throws NoteError `malformed`: no signature line, more than 100 signatures or 1,000,000 bytes, or any line that is not one.
 */
export function parseNote(note: string | Uint8Array): { readonly text: string; readonly signatures: NoteSignature[] } {
  const whole = textOf(note);
  const split = whole.lastIndexOf('\n\n');
  if (split === -1 || !whole.endsWith('\n')) throw new NoteError('malformed', 'the note has no signatures');
  const text = whole.slice(0, split + 1);
  requireText(text);
  const lines = whole.slice(split + 2, -1).split('\n');
  if (lines.length > maxSignatures)
    throw new NoteError('malformed', `the note has more than ${maxSignatures} signatures`);
  return { text, signatures: lines.map(parseLine) };
}

/**
 * Opens a signed note: every signature of a known key must hold, and there must be one. Signatures of unknown keys are ignored;
 * known means the same name and key id.
 *
 * @throws NoteError `malformed`, `bad_signature` or `unverified`.
 */
export function openNote(note: string | Uint8Array, verifiers: readonly NoteVerifier[]): OpenedNote {
  const { text, signatures } = parseNote(note);
  const message = Buffer.from(text, 'utf8');
  const verified: NoteSignature[] = [];
  const unverified: NoteSignature[] = [];
  for (const signature of signatures) {
    const known = verifiers.find(({ name, keyId }) => name === signature.name && keyId === signature.keyId);
    if (known === undefined) unverified.push(signature);
    else if (!known.verify(message, signature.signature)) {
      throw new NoteError('bad_signature', `the signature of ${known.name} (${known.keyId}) does not hold`);
    } else if (!verified.some(({ name, keyId }) => name === signature.name && keyId === signature.keyId)) {
      verified.push(signature);
    }
  }
  if (verified.length === 0) throw new NoteError('unverified', 'no known key has signed the note');
  return { text, verified, unverified };
}

function parseLine(line: string): NoteSignature {
  const malformed = new NoteError('malformed', 'a signature line is an em dash, a name and Base64');
  if (!line.startsWith(linePrefix)) throw malformed;
  const [name, encoded, ...more] = line.slice(linePrefix.length).split(' ');
  const bytes = encoded === undefined ? undefined : decodeBase64(encoded);
  if (name === undefined || bytes === undefined || more.length > 0 || !isKeyName(name)) throw malformed;
  // Four bytes are the key id; a signature has at least one.
  if (bytes.length < 5) throw malformed;
  return { name, keyId: bytes.toString('hex', 0, 4), signature: bytes.subarray(4) };
}

function textOf(note: string | Uint8Array): string {
  if (note.length > maxNoteBytes) throw new NoteError('malformed', `the note is longer than ${maxNoteBytes} bytes`);
  if (typeof note !== 'string' && !isUtf8(note)) throw new NoteError('malformed', 'the note is not UTF-8');
  const text = typeof note === 'string' ? note : Buffer.from(note).toString('utf8');
  if (wellFormed(text) !== text) throw new NoteError('malformed', 'the note is not Unicode');
  return text;
}

function requireText(text: string): void {
  if (text.length < 2 || !text.endsWith('\n'))
    throw new NoteError('malformed', 'the text of a note ends in a line feed');
  if (wellFormed(text) !== text || hasControls(text)) {
    throw new NoteError('malformed', 'the text of a note has no control characters');
  }
}

/** ASCII control characters other than the line feed: the specification allows none of them. */
function hasControls(text: string): boolean {
  return Buffer.from(text, 'utf8').some((byte) => byte < 0x20 && byte !== lineFeed);
}
