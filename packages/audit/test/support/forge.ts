import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { segmentName } from '../../src/segment/segment-name.ts';
import { linesOf, namesOf } from './check-evidence.ts';

/** What somebody writes who can write the directory and has no key: fields of records, in order. */
export type ForgedRecord = Readonly<Record<string, unknown>> & { readonly type: string };

const boot = 'aaaaaaaa-0000-4000-8000-000000000000';

function forgedLine(stream: string, seq: number, fields: ForgedRecord): string {
  const id = `019a0000-0000-7000-8000-${String(seq % 1e12).padStart(12, '0')}`;
  const at = new Date().toISOString();
  return `${JSON.stringify({ v: 1, id, at, monoNs: String(seq * 1000), boot, stream, seq, ...fields })}\n`;
}

/** Appends a segment to a stream, or begins one; returns its file. */
export async function forgeSegment(
  directory: string,
  stream: string,
  records: readonly ForgedRecord[],
): Promise<string> {
  const firstSeq = (await linesOf(directory, stream)).length;
  const { file } = segmentName(stream, firstSeq);
  writeFileSync(
    join(directory, file),
    records.map((fields, index) => forgedLine(stream, firstSeq + index, fields)).join(''),
  );
  return file;
}

/** Appends one line to the last segment. */
export async function forgeLine(directory: string, stream: string, seq: number, fields: ForgedRecord): Promise<void> {
  appendFileSync(
    join(directory, (await namesOf(directory, stream, '.jsonl')).at(-1) ?? ''),
    forgedLine(stream, seq, fields),
  );
}

export function textOf(directory: string, file: string): string {
  return readFileSync(join(directory, file), 'utf8');
}
