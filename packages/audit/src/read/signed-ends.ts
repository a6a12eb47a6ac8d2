import { join } from 'node:path';
import { listEvidence } from '../checkpoint/evidence-files.ts';
import { readSmallFile } from '../files/read-small-file.ts';

/** The checkpoint of a stream that is about the most records. */
export interface SignedEnd {
  readonly stream: string;
  /** File name without its directory. */
  readonly file: string;
  /** How many records it is about. */
  readonly size: number;
}

/**
 * What the checkpoints beside a log say of its length, by stream. No signature is checked, and what is no checkpoint is left to who
 * verifies. Read it before the records: a log that is being written goes on.
 */
export async function signedEnds(
  directory: string,
  stream: string | undefined,
): Promise<ReadonlyMap<string, SignedEnd>> {
  const ends = new Map<string, SignedEnd>();
  // Who can not list the directory hears of it from the records.
  for (const { stream: name, file } of await listEvidence(directory, 'checkpoint', stream).catch(() => [])) {
    const text = (await readSmallFile(join(directory, file)).catch(() => undefined))?.text ?? '';
    const line = text.split('\n', 2)[1] ?? '';
    const size = /^[0-9]{1,15}$/.test(line) ? Number(line) : 0;
    if (size > (ends.get(name)?.size ?? 0)) ends.set(name, { stream: name, file, size });
  }
  return ends;
}

/** What is wrong when a log ends before its checkpoint. `next`: the number after its last record; `undefined` when there is none. */
export function truncation({ size }: SignedEnd, next: number | undefined): string | undefined {
  if (size <= (next ?? 0)) return undefined;
  const end = next === undefined ? 'none of them is here' : `the log ends with record ${next - 1}`;
  return `the checkpoint is about ${size} records, and ${end}`;
}
