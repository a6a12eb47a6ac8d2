import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { errorCode } from '../log/error-code.ts';
import { listSegments } from '../segment/list-segments.ts';
import { parseRecord } from '../segment/parse-record.ts';
import type { SegmentName } from '../segment/segment-name.ts';
import type { ExportedRecord } from './export-sink.ts';
import { SegmentTail, type TailLine } from './segment-tail.ts';

export interface StreamReaderOptions {
  readonly directory: string;
  readonly stream: string;
  /** The first record to read. */
  readonly seq: number;
  /** The sequence number below which every record is durable and was acknowledged. Nothing from there on is read. */
  readonly confirmed: () => number;
  /** Where this process began to write the stream. What is older is synced before it is read. */
  readonly ownFrom: () => number;
  readonly onDamage: (damage: ReadDamage) => void;
}

/** Records parsed in one turn of the event loop; more would hold up calls. */
const recordsPerTurn = 32;

/** What is missing in the log, or is there and can not be read. It is told and passed over. */
export interface ReadDamage {
  /** `missing`: sequence numbers that no segment holds. `unreadable`: a line that is no record of the stream. */
  readonly kind: 'missing' | 'unreadable';
  readonly file?: string;
  readonly offset?: number;
  readonly from: number;
  /** First number after the missing ones. */
  readonly to?: number;
  readonly problem: string;
}

export interface BatchLimits {
  readonly records: number;
  /** Bytes of the lines. A record that is larger goes alone. */
  readonly bytes: number;
}

/**
 * Reads the records of one stream in their order, in bounded memory, while it is being written. Follows rotation. A torn end and
 * what a later segment supersedes are never read: they were never acknowledged.
 */
export class StreamReader {
  readonly #options: StreamReaderOptions;
  #seq: number;
  #open: { readonly segment: SegmentName; readonly tail: SegmentTail } | undefined;
  /** Read already and not given out. */
  #ahead: TailLine | undefined;
  /** Said already, so that waiting for it does not say it again. */
  #told = -1;

  constructor(options: StreamReaderOptions) {
    this.#options = options;
    this.#seq = options.seq;
  }

  /** The next record to read. */
  get seq(): number {
    return this.#seq;
  }

  /** The segment that is being read. */
  get segment(): string | null {
    return this.#open?.segment.file ?? null;
  }

  /** The next records, as many as the limits allow and are confirmed. Rejects with the error of the disk; can then be called again. */
  async next(limits: BatchLimits): Promise<ExportedRecord[]> {
    const batch: ExportedRecord[] = [];
    try {
      await this.#fill(batch, limits);
    } catch (error) {
      // What was read before the error is not read again.
      if (batch.length === 0) throw error;
    }
    return batch;
  }

  async close(): Promise<void> {
    const open = this.#open;
    this.#open = undefined;
    this.#ahead = undefined;
    await open?.tail.close();
  }

  async #fill(batch: ExportedRecord[], limits: BatchLimits): Promise<void> {
    const { directory, stream, confirmed } = this.#options;
    // First the bound, then the list: every segment that holds a record below the bound has its name by now.
    const bound = confirmed();
    if (this.#seq >= bound) return;
    const segments = await listSegments(directory, stream);
    let bytes = 0;
    while (this.#seq < bound && batch.length < limits.records) {
      const index = segments.findLastIndex(({ firstSeq }) => firstSeq <= this.#seq);
      const following = segments[index + 1];
      const segment = segments[index];
      const item = segment === undefined ? undefined : await this.#read(segment, following);
      if (item === 'again') return;
      if (item === undefined) {
        if (following === undefined) {
          this.#tell(bound, segment, 'the log ends before records that were acknowledged');
          return;
        }
        if (following.firstSeq > this.#seq) this.#miss(following.firstSeq, segment);
        continue;
      }
      if (batch.length > 0 && bytes + item.line.length > limits.bytes) return;
      if (item.seq >= bound) return;
      if (item.seq > this.#seq) this.#miss(item.seq, segment);
      this.#ahead = undefined;
      this.#seq = item.seq + 1;
      bytes += item.line.length + 1;
      batch.push(item);
      if (batch.length % recordsPerTurn === 0) await setImmediate();
    }
  }

  /** The next record of a segment from the present place on; `undefined` when it holds no more, `again` when it has gone. */
  async #read(segment: SegmentName, following: SegmentName | undefined): Promise<ExportedRecord | 'again' | undefined> {
    const limit = following?.firstSeq ?? Number.MAX_SAFE_INTEGER;
    const tail = await this.#openSegment(segment);
    if (tail === undefined) return 'again';
    for (;;) {
      this.#ahead ??= await tail.next();
      const line = this.#ahead;
      if (line === undefined) return undefined;
      const read = this.#parse(line);
      if (typeof read === 'string') {
        this.#unreadable(segment, line, read);
      } else if (read.seq >= limit) {
        return undefined;
      } else if (read.seq >= this.#seq) {
        return read;
      }
      this.#ahead = undefined;
    }
  }

  async #openSegment(segment: SegmentName): Promise<SegmentTail | undefined> {
    if (this.#open?.segment.file === segment.file) return this.#open.tail;
    await this.close();
    const { directory, ownFrom } = this.#options;
    try {
      const tail = await SegmentTail.open(join(directory, segment.file), segment.firstSeq < ownFrom());
      this.#open = { segment, tail };
      return tail;
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return undefined;
      throw error;
    }
  }

  #parse({ bytes }: TailLine): ExportedRecord | string {
    if (bytes === undefined) return 'the line is too long for a record';
    const parsed = parseRecord(bytes);
    if ('problem' in parsed) return parsed.problem;
    const { record } = parsed;
    if (record.stream !== this.#options.stream) return 'the record belongs to another stream';
    return { seq: record.seq, line: bytes, record };
  }

  #unreadable(segment: SegmentName, { offset }: TailLine, problem: string): void {
    this.#options.onDamage({ kind: 'unreadable', file: segment.file, offset, from: this.#seq, problem });
  }

  #miss(to: number, segment: SegmentName | undefined): void {
    this.#tell(to, segment, 'no segment holds these records');
    this.#seq = to;
  }

  #tell(to: number, segment: SegmentName | undefined, problem: string): void {
    if (this.#told === this.#seq) return;
    this.#told = this.#seq;
    const file = segment === undefined ? {} : { file: segment.file };
    this.#options.onDamage({ kind: 'missing', ...file, from: this.#seq, to, problem });
  }
}
