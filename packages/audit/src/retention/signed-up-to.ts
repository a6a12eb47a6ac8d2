import { join } from 'node:path';
import { parseCheckpoint } from '../checkpoint/checkpoint-body.ts';
import { listEvidence } from '../checkpoint/evidence-files.ts';
import { readSmallFile } from '../files/read-small-file.ts';
import { parseNote } from '../note/signed-note.ts';

/** How many records the newest checkpoint of a stream says that it covers; 0 when there is none. */
export async function signedUpTo(directory: string, stream: string): Promise<number> {
  const newest = (await listEvidence(directory, 'checkpoint', stream)).at(-1);
  if (newest === undefined) return 0;
  try {
    const found = await readSmallFile(join(directory, newest.file));
    return found === undefined ? 0 : parseCheckpoint(parseNote(found.text).text).size;
  } catch {
    return 0;
  }
}
