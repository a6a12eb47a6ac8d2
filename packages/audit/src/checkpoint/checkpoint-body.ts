import { decodeBase64 } from '../note/base64.ts';
import { NoteError } from '../note/note-error.ts';
import { hashBytes } from '../tree/hash-leaf.ts';

/** What a checkpoint says about a log (C2SP tlog-checkpoint). */
export interface Checkpoint {
  /** Which log: `<audit.origin>/<stream>`. */
  readonly origin: string;
  /** Leaves of the tree: the records `0` to `size - 1`. */
  readonly size: number;
  /** 32 bytes. */
  readonly root: Uint8Array;
  /** Lines after the root, without their line feeds. Ours has none, but the one that says that a start goes on. */
  readonly extensions?: readonly string[];
}

/**
 * Extension line of a checkpoint that repeats the last one at a start: who holds the key goes on behind it. Without it nothing may follow a
 * signed `audit.stopped`.
 */
export const openedExtension = 'sallyport opened';

const decimal = /^(?:0|[1-9][0-9]{0,15})$/;

/** The text of a checkpoint, to be signed as a note: `<origin>\n<size>\n<Base64 root>\n`, and the extension lines. */
export function formatCheckpoint(checkpoint: Checkpoint): string {
  const { origin, size, root, extensions = [] } = checkpoint;
  return [origin, String(size), Buffer.from(root).toString('base64'), ...extensions]
    .map((line) => `${line}\n`)
    .join('');
}

/**
 * Reads the text of a checkpoint: the `text` of an opened note.
 *
 * @throws NoteError `malformed`: a size with leading zeros or beyond 2^53 - 1, a root that is not 32 bytes in canonical Base64,
 * an empty line.
 */
export function parseCheckpoint(text: string): Checkpoint {
  const lines = text.split('\n');
  const [origin, sizeText, rootText, ...rest] = lines;
  if (rest.pop() !== '' || origin === undefined || sizeText === undefined || rootText === undefined) {
    throw new NoteError('malformed', 'a checkpoint has three lines: origin, size and root');
  }
  if (origin === '' || rest.includes('')) throw new NoteError('malformed', 'a checkpoint has no empty lines');
  const size = Number(sizeText);
  if (!decimal.test(sizeText) || !Number.isSafeInteger(size)) {
    throw new NoteError('malformed', 'the size of a checkpoint is a decimal number without leading zeros');
  }
  const root = decodeBase64(rootText);
  if (root?.length !== hashBytes) throw new NoteError('malformed', 'the root of a checkpoint is 32 bytes in Base64');
  return { origin, size, root, ...(rest.length > 0 && { extensions: rest }) };
}
