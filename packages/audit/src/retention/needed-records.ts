import { readdir } from 'node:fs/promises';
import { basename } from 'node:path';
import { readCursor } from '../export/export-cursor.ts';
import { exportFiles, parseCursorName } from '../export/export-files.ts';

export interface NeededByExportsOptions {
  readonly directory: string;
  readonly stream: string;
  /** Names of the exports of the configuration. */
  readonly exports: readonly string[];
  /** Number after the last record of the stream. */
  readonly end: () => number;
}

/** What keeps records from being deleted. */
export interface Need {
  /** The first record that is needed. */
  readonly from: number;
  /** Whose file says so, or would. */
  readonly file: string;
}

/**
 * The export of a stream that is furthest behind: those of the configuration, and every other one that has a cursor beside the
 * stream; `undefined` when there is none. One of the configuration without a cursor has sent nothing yet and needs everything, and so
 * does one whose cursor can not be read or points behind the end of the log, because it will begin again.
 */
export async function neededByExports(options: NeededByExportsOptions): Promise<Need | undefined> {
  const { directory, stream, exports } = options;
  const found = (await readdir(directory)).map(parseCursorName).filter((cursor) => cursor?.stream === stream);
  let need: Need | undefined;
  for (const name of new Set([...exports, ...found.flatMap((cursor) => cursor?.name ?? [])])) {
    const path = exportFiles(directory, stream, name).cursor;
    const from = await positionOf(path, options, exports.includes(name));
    if (from !== undefined && (need === undefined || from < need.from)) need = { from, file: basename(path) };
  }
  return need;
}

async function positionOf(
  path: string,
  { stream, end }: NeededByExportsOptions,
  configured: boolean,
): Promise<number | undefined> {
  const cursor = await readCursor(path, stream).catch(() => 'broken' as const);
  // One that was removed and stands in no configuration is wanted no more.
  if (cursor === 'absent') return configured ? 0 : undefined;
  return cursor === 'broken' || cursor.seq > end() ? 0 : cursor.seq;
}
