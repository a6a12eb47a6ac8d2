import { signNote } from '../note/signed-note.ts';
import type { SigningKey } from '../note/signer.ts';
import { formatCheckpoint } from './checkpoint-body.ts';

export interface SignCheckpointOptions {
  readonly size: number;
  readonly root: Uint8Array;
  /** Its name is the origin. */
  readonly signer: SigningKey;
  /** The key that signed before, when this is the first checkpoint of its successor. */
  readonly former: SigningKey | undefined;
  readonly extensions?: readonly string[];
}

export interface SignedCheckpointNotes {
  readonly checkpoint: string;
  /** The checkpoint as the old key signs it: the same note, signed by both. */
  readonly handover: string;
}

/**
 * Signs the state of a tree. A note has one origin: under a new name the old key can not sign the new checkpoint, so it signs one of its
 * own.
 */
export function signCheckpoint({
  size,
  root,
  signer,
  former,
  extensions = [],
}: SignCheckpointOptions): SignedCheckpointNotes {
  const sign = (signers: readonly [SigningKey, ...SigningKey[]]): string =>
    signNote(formatCheckpoint({ origin: signers[0].name, size, root, extensions }), signers);
  if (former?.name === signer.name) {
    const both = sign([former, signer]);
    return { checkpoint: both, handover: both };
  }
  const checkpoint = sign([signer]);
  return { checkpoint, handover: former === undefined ? checkpoint : sign([former]) };
}
