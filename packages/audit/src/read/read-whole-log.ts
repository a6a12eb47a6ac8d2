import { member } from '@sallyport/core';
import {
  readAuditLog,
  type FoundRecord,
  type ReadAuditLogOptions,
  type ReadFinding,
  type ReadPlace,
} from './read-audit-log.ts';
import { packedProblem, packedSegments } from '../segment/packed-segments.ts';
import type { SegmentName } from '../segment/segment-name.ts';
import { noLog, segmentsOf } from './segments-of.ts';
import { signedEnds, truncation, type SignedEnd } from './signed-ends.ts';

/**
 * What is missing from a log, as far as a reader sees it that verifies nothing.
 *
 * - `gap`: numbers are missing before this record, and retention does not say that it deleted them.
 * - `duplicate`: the number stands where it or a later one has been already.
 * - `truncated`: a checkpoint beside the log is about more records than are there.
 */
export type MissingFindingCode = 'gap' | 'duplicate' | 'truncated';

export interface MissingFinding extends ReadPlace {
  readonly kind: 'finding';
  readonly code: MissingFindingCode;
  /** One readable line. */
  readonly problem: string;
}

/** A record, what is wrong with a line, or what is missing. */
export type WholeLogItem = FoundRecord | ReadFinding | MissingFinding;

/**
 * Reads an audit log as `readAuditLog` does, and tells what is missing from it: from the numbers of its records, and from the sizes
 * that its checkpoints name. So nobody takes a part for the whole. It checks no signature and no root: `verifyAuditLog` does.
 *
 * @throws SetupError `ERR_AUDIT_DIRECTORY` when the directory can not be read or holds no segment.
 */
export async function readWholeLog(
  directory: string,
  options: ReadAuditLogOptions = {},
): Promise<AsyncIterable<WholeLogItem>> {
  const { stream } = options;
  const segments = await segmentsOf(directory, stream);
  if (segments.length === 0) throw noLog(directory, stream);
  // Before the records: a log that is being written goes on.
  const signed = await signedEnds(directory, stream);
  return withMissing(readAuditLog(directory, options), signed, await packedSegments(directory, stream));
}

async function* withMissing(
  items: AsyncIterable<FoundRecord | ReadFinding>,
  signed: ReadonlyMap<string, SignedEnd>,
  packed: readonly SegmentName[],
): AsyncGenerator<WholeLogItem, void, undefined> {
  const streams = new Map<string, Numbers>();
  for await (const item of items) {
    if (item.kind === 'record') {
      const numbers = streams.get(item.stream) ?? new Numbers();
      streams.set(item.stream, numbers);
      const finding = numbers.see(item);
      if (finding !== undefined) yield finding;
    }
    yield item;
  }
  for (const numbers of streams.values()) {
    const finding = numbers.beginning();
    if (finding !== undefined) yield finding;
  }
  for (const end of signed.values()) {
    const problem = truncation(end, streams.get(end.stream)?.next);
    if (problem !== undefined) yield { kind: 'finding', code: 'truncated', ...end, line: 0, offset: 0, problem };
  }
  for (const { stream, file } of packed)
    yield { kind: 'finding', code: 'unreadable', stream, file, line: 0, offset: 0, problem: packedProblem };
}

/** The numbers of the records of one stream. */
class Numbers {
  #first: FoundRecord | undefined;
  #retainedFrom = 0;
  next = 0;

  see(found: FoundRecord): MissingFinding | undefined {
    const { seq, type, detail } = found.record;
    const from = type === 'audit.rotated' ? member(detail, 'retainedFrom') : undefined;
    if (typeof from === 'number') this.#retainedFrom = Math.max(this.#retainedFrom, from);
    const [isFirst, expected] = [this.#first === undefined, this.next];
    this.#first ??= found;
    this.next = Math.max(expected, seq + 1);
    if (isFirst || seq === expected) return undefined;
    if (seq > expected) return missing(found, expected);
    return {
      ...placeOf(found),
      kind: 'finding',
      code: 'duplicate',
      problem: `record ${seq} follows record ${expected - 1}`,
    };
  }

  beginning(): MissingFinding | undefined {
    const first = this.#first;
    return first !== undefined && first.record.seq > this.#retainedFrom ? missing(first, 0) : undefined;
  }
}

function missing(found: FoundRecord, from: number): MissingFinding {
  return { ...placeOf(found), kind: 'finding', code: 'gap', problem: missingText(from, found.record.seq) };
}

/** Which records are missing before one, where another should stand. */
export function missingText(from: number, seq: number): string {
  const to = seq - 1;
  return from === to ? `record ${from} is missing` : `records ${from} to ${to} are missing`;
}

function placeOf({ stream, file, line, offset }: ReadPlace): ReadPlace {
  return { stream, file, line, offset };
}
