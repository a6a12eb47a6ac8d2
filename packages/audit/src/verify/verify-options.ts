import { SetupError } from '@sallyport/core';
import { NoteError } from '../note/note-error.ts';
import { parseVerifierKey, type NoteVerifier } from '../note/verifier-key.ts';
import { parseWitnessKey } from './witness-key.ts';

/** A checkpoint that was held outside. */
export interface HeldCheckpoint {
  /** What to call it in findings, such as its path. */
  readonly source: string;
  /** The signed note. */
  readonly note: string | Uint8Array;
}

export interface VerifyAuditLogOptions {
  /** Only this stream; default all of the directory. */
  readonly stream?: string;
  /** Verifier keys somebody vouches for, `<name>+<key id>+<Base64>` each. Without them the signer stays unconfirmed. */
  readonly keys?: readonly string[];
  /** Checkpoints that were held outside: only these can prove that the log was not rewritten by who holds its key. */
  readonly checkpoints?: readonly HeldCheckpoint[];
  /** Keys of witnesses, C2SP cosignature/v1 or plain Ed25519. Each must have signed a matching checkpoint. */
  readonly witnesses?: readonly string[];
  /** Told from time to time how many bytes of all have been read. */
  readonly onProgress?: (readBytes: number, allBytes: number) => void;
}

/**
 * The keys of the options.
 *
 * @throws SetupError `ERR_AUDIT_KEY` for one that is none.
 */
export function parseKeys(options: Pick<VerifyAuditLogOptions, 'keys' | 'witnesses'>): {
  readonly pinned: readonly NoteVerifier[];
  readonly witnesses: readonly NoteVerifier[];
} {
  return {
    pinned: (options.keys ?? []).map((key) => parseKey(key, parseVerifierKey, 'verifier key')),
    witnesses: (options.witnesses ?? []).map((key) => parseKey(key, parseWitnessKey, 'witness key')),
  };
}

function parseKey(text: string, parse: (text: string) => NoteVerifier, what: string): NoteVerifier {
  try {
    return parse(text);
  } catch (cause) {
    if (!(cause instanceof NoteError)) throw cause;
    throw new SetupError({
      code: 'ERR_AUDIT_KEY',
      problem: `the ${what} can not be used: ${cause.message}`,
      remedy: 'give the line of a .pub file: <name>+<key id>+<Base64>',
      cause,
    });
  }
}
