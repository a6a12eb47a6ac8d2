import { isUtf8 } from 'node:buffer';
import type { SegmentName } from '../segment/segment-name.ts';
import type { AttemptCheck } from './attempt-check.ts';
import type { ContentCheck } from './content-check.ts';
import type { Findings } from './findings.ts';
import type { LogFacts } from './log-facts.ts';
import type { LineBlock } from './read-blocks.ts';
import { RecordScanner } from './scan-record.ts';
import type { SequenceCheck } from './sequence-check.ts';
import type { TimeCheck } from './time-check.ts';

/** What the checks of one stream share. */
export interface StreamChecks {
  readonly stream: string;
  readonly findings: Findings;
  readonly content: ContentCheck;
  readonly sequence: SequenceCheck;
  readonly time: TimeCheck;
  readonly attempts: AttemptCheck;
  readonly facts: LogFacts;
}

/** A line that is no record, until what follows says what it was. */
interface BadLine {
  readonly line: number;
  readonly problem: string;
  readonly bytes: Buffer | undefined;
}

const lineFeed = 0x0a;
/** Bad lines in a row that may have been records; and the longest of them that is kept. */
const maxBadRun = 64;
const maxBadBytes = 64 * 1024;

/** Verifies the lines of one segment, block by block. */
export class SegmentVerifier {
  readonly #checks: StreamChecks;
  readonly #segment: SegmentName;
  /** From this number on the next segment stands instead of this one. */
  readonly #limit: number;
  readonly #others: ReadonlySet<number>;
  readonly #scanner: RecordScanner = new RecordScanner();
  #bad: BadLine[] = [];
  #line = 0;
  #records = 0;
  /** Nothing of this file belongs where it stands. */
  #misplaced = false;
  #stopped = false;
  firstSeq: number | undefined;
  lastSeq: number | undefined;
  highestSeq = -1;
  superseded = 0;
  torn: BadLine | undefined;
  /** The last record, when it closed the stream with nothing open. */
  closed = false;

  /** `others`: first sequence numbers of all segments of the stream. */
  constructor(checks: StreamChecks, segment: SegmentName, limit: number, others: ReadonlySet<number>) {
    this.#checks = checks;
    this.#segment = segment;
    this.#limit = limit;
    this.#others = others;
  }

  get misplaced(): boolean {
    return this.#misplaced;
  }

  see(block: LineBlock): void {
    const { bytes, kind } = block;
    if (kind !== 'lines') {
      const problem = kind === 'rest' ? 'the last line is not finished' : 'the line is too long for a record';
      this.#seeBad(undefined, problem);
      return;
    }
    const utf8 = isUtf8(bytes.subarray(block.start, block.end));
    for (let at = block.start; at < block.end;) {
      let end = utf8 ? this.#scanner.scan(bytes, at) : -1;
      if (end === -1) {
        end = bytes.indexOf(lineFeed, at);
        const problem = this.#scanner.parse(bytes.subarray(at, end));
        if (problem === undefined) this.#seeRecord(bytes.subarray(at, end));
        else this.#seeBad(bytes.subarray(at, end), problem);
      } else this.#seeRecord(bytes.subarray(at, end));
      at = end + 1;
    }
  }

  finish(): void {
    const last = this.#bad.pop();
    this.#settleBad(undefined);
    this.torn = last;
  }

  #seeBad(bytes: Buffer | undefined, problem: string): void {
    this.#line += 1;
    const kept = bytes !== undefined && bytes.length <= maxBadBytes && this.#bad.length < maxBadRun;
    this.#bad.push({ line: this.#line, problem, bytes: kept ? Buffer.from(bytes) : undefined });
    // A file of rubbish: what is known is enough.
    if (this.#bad.length > 2 * maxBadRun) this.#settleBad(undefined);
  }

  #seeRecord(line: Buffer): void {
    this.#line += 1;
    const { findings, stream } = this.#checks;
    const { file } = this.#segment;
    const record = this.#scanner;
    if (this.#bad.length > 0) this.#settleBad(record.seq);
    if (record.stream !== stream) {
      if (!this.#misplaced) {
        const problem = `the record belongs to the stream ${record.stream.slice(0, 128)}`;
        findings.add('foreign_record', stream, { file, line: this.#line, seq: record.seq, problem });
      }
      if (this.#records === 0) this.#misplace();
      return;
    }
    if (this.#records === 0) this.#checkBeginning(record.seq);
    this.#records += 1;
    this.highestSeq = Math.max(this.highestSeq, record.seq);
    if (this.#misplaced) return;
    if (record.seq >= this.#limit) {
      this.superseded += 1;
      return;
    }
    this.#place(record, line);
  }

  #place(record: RecordScanner, line: Buffer): void {
    const { findings, stream, sequence, content, time, attempts, facts } = this.#checks;
    const { file } = this.#segment;
    const { seq } = record;
    const expected = sequence.next;
    const place = sequence.see(seq);
    if (place === 'next') content.append(line);
    else if (place === 'jump') content.break();
    else {
      const code = place === 'late' ? 'reordered' : 'duplicate';
      const problem = `record ${seq} stands behind record ${expected - 1}${place === 'late' ? '' : ' and has been there before'}`;
      findings.add(code, stream, { file, line: this.#line, seq, problem });
      if (place === 'again') return;
      content.break();
    }
    if (this.#stopped) {
      this.#stopped = false;
      const problem = 'records follow in a segment that its writer had closed';
      findings.add('after_close', stream, { file, line: this.#line, seq, problem });
    }
    this.firstSeq ??= seq;
    this.lastSeq = seq;
    if (place !== 'late') time.see(record, file, this.#line);
    attempts.see(record, file, this.#line);
    this.closed = false;
    if (record.record === undefined) return;
    facts.see(record.record);
    if (record.type === 'audit.stopped') this.#stopped = this.closed = true;
  }

  /** A segment begins with the number in its name. */
  #checkBeginning(seq: number): void {
    const { firstSeq, file } = this.#segment;
    if (seq === firstSeq || (seq > firstSeq && !this.#others.has(seq))) return;
    const problem = this.#others.has(seq)
      ? `it begins with record ${seq}: this is the content of another segment`
      : `it begins with record ${seq}, its name says ${firstSeq}`;
    this.#checks.findings.add('swapped_segment', this.#checks.stream, { file, line: this.#line, seq, problem });
    this.#misplace();
  }

  #misplace(): void {
    this.#misplaced = true;
    this.#checks.content.break();
  }

  /**
   * Says what the bad lines before this record were: as many as there are numbers missing were records once, and take their places in
   * the tree; any others were put in.
   */
  #settleBad(nextSeq: number | undefined): void {
    const bad = this.#bad;
    this.#bad = [];
    const { findings, stream, sequence, content } = this.#checks;
    for (const { line, problem } of bad)
      findings.add('unparsable', stream, { file: this.#segment.file, line, problem });
    if (nextSeq === undefined || nextSeq - sequence.next !== bad.length || nextSeq > this.#limit) return;
    for (const { bytes } of bad) {
      sequence.see(sequence.next);
      if (bytes === undefined) content.break();
      else content.append(bytes);
    }
  }
}
