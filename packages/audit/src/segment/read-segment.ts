import type { AuditRecord } from '@sallyport/core';
import { parseRecord } from './parse-record.ts';
import { readLines, type Line } from './read-lines.ts';

/** A line of a segment: a record, or what is wrong with it. */
export type SegmentItem =
  | { readonly kind: 'record'; readonly line: number; readonly offset: number; readonly record: AuditRecord }
  | SegmentDamage;

export interface SegmentDamage {
  /**
   * `torn`: the last line of the file, unfinished or no record; what a crash in the middle of a write leaves. It was never
   * acknowledged. `unparsable`: a line that is no record and has others after it, which no crash explains.
   */
  readonly kind: 'torn' | 'unparsable';
  readonly line: number;
  readonly offset: number;
  /** Bytes of the line, with its line feed if it has one. */
  readonly bytes: number;
  readonly problem: string;
}

/** Streams a segment in blocks. A complete last line without line feed is torn too: a record ends with 0x0A. */
export async function* readSegment(path: string): AsyncGenerator<SegmentItem[], void, undefined> {
  let bad: SegmentDamage | undefined;
  for await (const lines of readLines(path)) {
    const items: SegmentItem[] = [];
    for (const line of lines) {
      // A bad line is torn only when nothing follows it, so it waits for its successor.
      if (bad !== undefined) items.push({ ...bad, kind: 'unparsable' });
      bad = undefined;
      const item = readItem(line);
      if (item.kind === 'record') items.push(item);
      else bad = item;
    }
    if (items.length > 0) yield items;
  }
  if (bad !== undefined) yield [bad];
}

function readItem(line: Line): SegmentItem {
  const { number, offset, length } = line;
  if (!line.terminated) {
    return { kind: 'torn', line: number, offset, bytes: length, problem: 'the last line is not finished' };
  }
  const bytes = length + 1;
  if (line.bytes.length !== length)
    return { kind: 'torn', line: number, offset, bytes, problem: 'the line is too long for a record' };
  const parsed = parseRecord(line.bytes);
  if ('problem' in parsed) return { kind: 'torn', line: number, offset, bytes, problem: parsed.problem };
  return { kind: 'record', line: number, offset, record: parsed.record };
}
