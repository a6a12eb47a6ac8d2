import { basename } from 'node:path';
import { readSmallFile } from '../files/read-small-file.ts';
import { errorText } from '../log/error-code.ts';
import { openNote } from '../note/signed-note.ts';
import type { NoteVerifier } from '../note/verifier-key.ts';
import { parseCheckpoint, type Checkpoint } from './checkpoint-body.ts';
import { TamperedError } from './tampered-error.ts';

/** A checkpoint whose signature holds. */
export interface SignedCheckpoint extends Checkpoint {
  /** The note as it is on disk. */
  readonly note: string;
  /** Key ids of the known keys that signed it. */
  readonly keyIds: readonly string[];
}

/**
 * Opens a signed note as a checkpoint: a known key has signed it, and its origin is the name of that key.
 *
 * @throws NoteError
 */
export function openCheckpoint(note: string, verifiers: readonly NoteVerifier[]): SignedCheckpoint {
  const { text, verified } = openNote(note, verifiers);
  return { ...parseCheckpoint(text), note, keyIds: verified.map(({ keyId }) => keyId) };
}

/**
 * Reads a checkpoint file of this log. It is written in one step, so that a crash can not leave half of one.
 *
 * Rejects with what the system says when it can not be read.
 *
 * @throws TamperedError when there is no checkpoint in it that one of these keys has signed for its own origin.
 */
export async function readCheckpoint(path: string, verifiers: readonly NoteVerifier[]): Promise<SignedCheckpoint> {
  const file = basename(path);
  const found = await readSmallFile(path).catch((error: unknown) => {
    throw new Error(`the checkpoint ${file} can not be read (${errorText(error)})`, { cause: error });
  });
  try {
    const checkpoint = openCheckpoint(found?.text ?? '', verifiers);
    if (!verifiers.some(({ name }) => name === checkpoint.origin)) throw new Error('it is of another log');
    return checkpoint;
  } catch (error) {
    throw new TamperedError(path, `the checkpoint ${file} is not good (${errorText(error)})`);
  }
}
