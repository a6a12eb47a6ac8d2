import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isJsonObject, member } from '@sallyport/core';
import { parseCursorName } from '../export/export-files.ts';
import { readSmallFile } from '../files/read-small-file.ts';

/** What keeps records from being deleted. */
export interface Need {
  /** The first record that is needed. */
  readonly from: number;
  /** Whose file says so. */
  readonly file: string;
}

/**
 * The export of a stream that is furthest behind, by the cursor files beside it; `undefined` when there is none. A cursor that can
 * not be read needs everything.
 */
export async function neededByExports(directory: string, stream: string): Promise<Need | undefined> {
  let need: Need | undefined;
  for (const file of await readdir(directory)) {
    if (parseCursorName(file)?.stream !== stream) continue;
    const from = await positionOf(join(directory, file));
    if (need === undefined || from < need.from) need = { from, file };
  }
  return need;
}

async function positionOf(path: string): Promise<number> {
  try {
    const found = await readSmallFile(path);
    // Gone since it was listed: nobody needs anything for it.
    if (found === undefined) return Number.MAX_SAFE_INTEGER;
    const value: unknown = JSON.parse(found.text);
    const seq = isJsonObject(value) ? member(value, 'seq') : undefined;
    return typeof seq === 'number' && Number.isSafeInteger(seq) && seq >= 0 ? seq : 0;
  } catch {
    return 0;
  }
}
