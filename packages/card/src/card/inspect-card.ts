import { isAbsolute, resolve } from 'node:path';
import { inspectDocument, type CardReport } from './inspect-document.ts';
import { ProblemList } from './problem-list.ts';
import { readCardFile } from './read-card-file.ts';

export interface InspectCardOptions {
  /** For a card given as an object: the file it stands in, for messages. */
  readonly file?: string;
  /** For a card given as an object: the JSON pointer to it within that file, for messages. Default none. */
  readonly pointer?: string;
}

/**
 * Reads a card as `loadCard` does and tells all that is wrong with it, instead of throwing the first mistake.
 *
 * Throws `SetupError` with code `ERR_CARD_UNREADABLE` when the file can not be read.
 */
export async function inspectCard(source: string | object, options: InspectCardOptions = {}): Promise<CardReport> {
  const problems = new ProblemList();
  if (typeof source !== 'string') {
    const report = inspectDocument({ value: source }, problems, options.pointer);
    return Object.freeze({ ...report, ...(options.file !== undefined && { file: options.file }) });
  }
  const file = isAbsolute(source) ? source : resolve(source);
  const text = await readCardFile(file, problems);
  // A card in a file of its own begins at the root.
  const report = inspectDocument(text, problems);
  const { card } = report;
  return Object.freeze({ ...report, file, ...(card !== undefined && { card: Object.freeze({ ...card, file }) }) });
}
