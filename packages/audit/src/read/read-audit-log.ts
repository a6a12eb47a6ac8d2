import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { AuditRecord } from '@sallyport/core';
import { errorText } from '../log/error-code.ts';
import { readSegment } from '../segment/read-segment.ts';
import type { SegmentName } from '../segment/segment-name.ts';
import { segmentsOf } from './segments-of.ts';

export interface ReadAuditLogOptions {
  /** Only this stream; default all of the directory. */
  readonly stream?: string;
  /** Told from time to time how many bytes of all have been read. */
  readonly onProgress?: (readBytes: number, allBytes: number) => void;
}

/** Where a line stands. */
export interface ReadPlace {
  readonly stream: string;
  /** File name without its directory. */
  readonly file: string;
  /** Counted from 1; 0 for a finding about the whole file. */
  readonly line: number;
  /** Byte at which the line starts. */
  readonly offset: number;
}

/**
 * What can be wrong with a line.
 *
 * - `torn`: the last line of a segment, unfinished or no record. A crash in the middle of a write leaves this; nobody was told
 *   that it was durable.
 * - `superseded`: a complete record after a failed write, before the next segment took over its number. Never acknowledged.
 * - `unparsable`: a line that is no record, with others after it. No crash explains it.
 * - `foreign`: a record of another stream than its file.
 * - `unreadable`: a segment, or the rest of it, can not be read.
 */
export type ReadFindingCode = 'torn' | 'superseded' | 'unparsable' | 'foreign' | 'unreadable';

export interface ReadFinding extends ReadPlace {
  readonly kind: 'finding';
  readonly code: ReadFindingCode;
  /** One readable line. */
  readonly problem: string;
}

export interface FoundRecord extends ReadPlace {
  readonly kind: 'record';
  readonly record: AuditRecord;
}

/** A line of the log: a record, or what is wrong with it. Nothing is left out. */
export type ReadRecord = FoundRecord | ReadFinding;

/**
 * Reads an audit log in the order of (stream, seq), in bounded memory. Needs no lock and changes nothing; of a log that is being
 * written it shows what is there, and the last line may still be `torn`.
 *
 * @throws SetupError `ERR_AUDIT_DIRECTORY` when the directory can not be read.
 */
export async function* readAuditLog(
  directory: string,
  options: ReadAuditLogOptions = {},
): AsyncGenerator<ReadRecord, void, undefined> {
  const segments = await segmentsOf(directory, options.stream);
  const { onProgress } = options;
  const sizes = onProgress === undefined ? [] : await sizesOf(directory, segments);
  const allBytes = sizes.reduce((sum, size) => sum + size, 0);
  let before = 0;
  for (const [index, segment] of segments.entries()) {
    const next = segments[index + 1];
    const from = before;
    const onBytes = (bytes: number): void => onProgress?.(from + bytes, allBytes);
    yield* readOne(directory, segment, next?.stream === segment.stream ? next : undefined, onBytes);
    before += sizes[index] ?? 0;
    onBytes(before - from);
  }
}

/** What can not be looked at is told when it is read. */
function sizesOf(directory: string, segments: readonly SegmentName[]): Promise<number[]> {
  return Promise.all(
    segments.map(({ file }) =>
      stat(join(directory, file)).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
}

async function* readOne(
  directory: string,
  segment: SegmentName,
  next: SegmentName | undefined,
  onBytes: (bytes: number) => void,
): AsyncGenerator<ReadRecord, void, undefined> {
  const { stream, file } = segment;
  let line = 0;
  try {
    for await (const items of readSegment(join(directory, file))) {
      onBytes(items.at(0)?.offset ?? 0);
      for (const item of items) {
        ({ line } = item);
        const { offset } = item;
        if (item.kind !== 'record') {
          yield { kind: 'finding', code: item.kind, stream, file, line, offset, problem: item.problem };
        } else if (item.record.stream !== stream) {
          const problem = 'the record belongs to another stream';
          yield { kind: 'finding', code: 'foreign', stream, file, line, offset, problem };
        } else if (next !== undefined && item.record.seq >= next.firstSeq) {
          const problem = `never acknowledged: ${next.file} goes on from this number`;
          yield { kind: 'finding', code: 'superseded', stream, file, line, offset, problem };
        } else {
          yield { kind: 'record', stream, file, line, offset, record: item.record };
        }
      }
    }
  } catch (error) {
    const problem = `the segment can not be read (${errorText(error)})`;
    yield { kind: 'finding', code: 'unreadable', stream, file, line, offset: 0, problem };
  }
}
