import { member, type AuditRecord, type JsonArray, type JsonValue } from '@sallyport/core';
import { letsRun, OpenAttempts } from '../recovery/open-attempts.ts';
import {
  noCounts,
  type CompletenessFinding,
  type MutableCounts,
  type StreamCompleteness,
} from './completeness-report.ts';
import type { FoundRecord, ReadFinding, ReadRecord } from './read-audit-log.ts';

/** Checks one stream, line by line in order, in memory bounded by what is open. */
export class StreamCheck {
  readonly stream: string;
  readonly #report: (finding: CompletenessFinding) => void;
  readonly #counts: MutableCounts = noCounts();
  readonly #open: OpenAttempts = new OpenAttempts();
  /** Ends of segments that a later record must explain. */
  readonly #unexplained: Map<string, { readonly first: ReadFinding; count: number }> = new Map();
  readonly #files: Set<string> = new Set();
  /** Where the log begins; the records before it are missing unless retention says that it deleted them. */
  #first: FoundRecord | undefined;
  #retainedFrom = 0;
  #nextSeq = 0;
  #boot = '';
  #monoNs = '0';
  #last: { readonly file: string; readonly type: string } | undefined;

  constructor(stream: string, report: (finding: CompletenessFinding) => void) {
    this.stream = stream;
    this.#report = report;
  }

  see(item: ReadRecord): void {
    this.#files.add(item.file);
    if (item.kind === 'record') this.#seeRecord(item);
    else this.#seeFinding(item);
    this.#last = { file: item.file, type: item.kind === 'record' ? item.record.type : item.code };
  }

  finish(): StreamCompleteness {
    if (this.#first !== undefined && this.#first.record.seq > this.#retainedFrom) this.#missing(this.#first, 0);
    for (const { first, count } of this.#unexplained.values()) {
      // The writer may have died just now, or be writing this very line.
      const explained = first.code === 'torn' && first.file === this.#last?.file;
      if (!explained)
        this.#find(
          first,
          `${first.problem}${count > 1 ? ` (and ${count - 1} more)` : ''}; no later record explains it`,
        );
    }
    for (const { call, closing } of this.#open.list()) {
      const problem =
        closing === 'mcp.outcome' ? 'the allowed call has no outcome' : 'the opened stream was not closed';
      this.#report({ code: 'no_outcome', stream: this.stream, call, problem });
    }
    const closed = this.#last?.type === 'audit.stopped';
    return { stream: this.stream, segments: this.#files.size, closed, ...this.#counts };
  }

  #seeFinding(finding: ReadFinding): void {
    if (finding.code === 'torn' || finding.code === 'superseded') {
      this.#counts[finding.code] += 1;
      const key = `${finding.code} ${finding.file}`;
      const known = this.#unexplained.get(key);
      if (known === undefined) this.#unexplained.set(key, { first: finding, count: 1 });
      else known.count += 1;
      return;
    }
    if (finding.code !== 'unreadable') this.#counts.unparsable += 1;
    this.#find(finding, finding.problem);
  }

  #seeRecord(found: FoundRecord): void {
    const { record } = found;
    this.#counts.records += 1;
    this.#checkSequence(found);
    this.#checkClock(found);
    this.#explain(record);
    this.#count(found);
  }

  #checkSequence(found: FoundRecord): void {
    const { seq } = found.record;
    if (this.#first === undefined) this.#first = found;
    else if (seq > this.#nextSeq) this.#missing(found, this.#nextSeq);
    else if (seq < this.#nextSeq) {
      this.#counts.duplicates += 1;
      this.#find({ ...found, code: 'duplicate' }, `record ${seq} follows record ${this.#nextSeq - 1}`);
    }
    this.#nextSeq = Math.max(this.#nextSeq, seq + 1);
  }

  /** What should stand between a number and this record. */
  #missing(found: FoundRecord, from: number): void {
    const { seq } = found.record;
    this.#counts.missing += seq - from;
    const which = seq - from === 1 ? `record ${from} is missing` : `records ${from} to ${seq - 1} are missing`;
    this.#find({ ...found, code: 'gap' }, which);
  }

  #checkClock(found: FoundRecord): void {
    const { boot, monoNs } = found.record;
    if (boot === this.#boot && isLess(monoNs, this.#monoNs)) {
      this.#counts.clockBackwards += 1;
      this.#find({ ...found, code: 'clock_backwards' }, `monotonic time goes back from ${this.#monoNs} to ${monoNs}`);
    }
    this.#boot = boot;
    this.#monoNs = monoNs;
  }

  /** A start names the torn end it found, and the segment after a failed write those before it. */
  #explain(record: AuditRecord): void {
    if (record.type === 'audit.started') {
      for (const file of filesOf(member(record.detail, 'torn'))) this.#unexplained.delete(`torn ${file}`);
    } else if (record.type === 'audit.rotated') {
      const from = member(record.detail, 'retainedFrom');
      if (typeof from === 'number') this.#retainedFrom = Math.max(this.#retainedFrom, from);
      for (const file of filesOf(member(record.detail, 'abandoned'))) {
        this.#unexplained.delete(`torn ${file}`);
        this.#unexplained.delete(`superseded ${file}`);
      }
    }
  }

  #count(found: FoundRecord): void {
    const { record } = found;
    const counts = this.#counts;
    const ended = this.#open.see(record);
    switch (record.type) {
      case 'mcp.decision':
        if (letsRun(record.decision)) counts.allows += 1;
        else counts.denies += 1;
        break;
      case 'mcp.outcome':
        if (ended) counts.allowsWithOutcome += 1;
        if (record.outcome?.status === 'aborted') counts.aborted += 1;
        break;
      case 'auth.failure':
      case 'request.refused':
        counts.refusals += 1;
        break;
      case 'audit.aggregated':
        counts.aggregated += countOf(record);
        break;
      case 'audit.gap':
        counts.lost += countOf(record);
        this.#find({ ...found, code: 'lost' }, lostText(record));
        break;
      default:
    }
    // Of a log that begins later, the beginning may be in what was deleted.
    const whole = this.#first?.record.seq === 0;
    if (!ended && whole && (record.type === 'mcp.outcome' || record.type === 'stream.closed')) {
      const problem =
        record.type === 'mcp.outcome' ? 'an outcome without an open decision' : 'a stream was closed that was not open';
      this.#find({ ...found, code: 'no_decision' }, problem);
    }
  }

  #find(
    at: { readonly code: CompletenessFinding['code']; readonly file: string; readonly line: number },
    problem: string,
  ): void {
    this.#report({ code: at.code, stream: this.stream, file: at.file, line: at.line, problem });
  }
}

function lostText(record: AuditRecord): string {
  const elsewhere = member(record.detail, 'elsewhere');
  const there = typeof elsewhere === 'number' ? `; ${elsewhere} of them are in the other copy` : '';
  return `the writer lost ${countOf(record)} records here${there}`;
}

function countOf(record: AuditRecord): number {
  const count = member(record.detail, 'count');
  return typeof count === 'number' ? count : 0;
}

/** The files that a list names, as strings or as members of objects. */
function filesOf(list: JsonValue | undefined): string[] {
  if (!isList(list)) return [];
  return list.map((item) => member(item, 'file') ?? item).filter((file) => typeof file === 'string');
}

function isList(value: JsonValue | undefined): value is JsonArray {
  return Array.isArray(value);
}

/** Compares decimal strings without leading zeros. */
function isLess(a: string, b: string): boolean {
  return a.length === b.length ? a < b : a.length < b.length;
}
