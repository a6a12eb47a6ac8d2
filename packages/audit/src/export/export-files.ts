import { join } from 'node:path';

const namePattern = /^[a-z0-9_]{1,32}$/;

/** True for the name of an export: without hyphens, so that the file names made from it can be taken apart again. */
export function isExportName(name: string): boolean {
  return namePattern.test(name);
}

/** The files that belong to the export of one stream, beside its segments. */
export interface ExportFiles {
  /** How far the receiver has acknowledged. */
  readonly cursor: string;
  /** Records that the receiver will never take. */
  readonly deadLetters: string;
  /** Held by the one process that exports the stream. */
  readonly lock: string;
}

export function exportFiles(directory: string, stream: string, name: string): ExportFiles {
  const base = join(directory, `export-${stream}-${name}`);
  return { cursor: `${base}.cursor`, deadLetters: `${base}.dead.jsonl`, lock: `${base}.lock` };
}

/** Reads the name of a cursor file back; `undefined` for every other file. */
export function parseCursorName(file: string): { readonly stream: string; readonly name: string } | undefined {
  const match = /^export-(.+)-([a-z0-9_]{1,32})\.cursor$/.exec(file);
  const [, stream, name] = match ?? [];
  return stream === undefined || name === undefined ? undefined : { stream, name };
}
