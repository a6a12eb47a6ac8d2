import type { Findings } from './findings.ts';
import type { ScannedRecord } from './scan-record.ts';
import type { MutableVerifyCounts } from './verify-report.ts';

/** Counts records by what they are, and joins every allowed call to its end. Memory is bounded by what is open at a time. */
export class AttemptCheck {
  readonly #stream: string;
  readonly #findings: Findings;
  readonly #counts: MutableVerifyCounts;
  /** Calls and streams that have begun, with the number of the record. */
  readonly #calls: Map<string, number> = new Map();
  readonly #streams: Map<string, number> = new Map();

  /** Whether records before the first one are gone: then an end may have its beginning there. */
  readonly #cut: boolean;

  constructor(stream: string, findings: Findings, counts: MutableVerifyCounts, cut: boolean) {
    this.#cut = cut;
    this.#stream = stream;
    this.#findings = findings;
    this.#counts = counts;
  }

  see(record: ScannedRecord, file: string, line: number): void {
    const { type, call, seq } = record;
    const counts = this.#counts;
    counts.records += 1;
    if (record.redacted) counts.redactions += 1;
    switch (type) {
      case 'mcp.decision':
        if (!record.runs) counts.denies += 1;
        else {
          counts.allows += 1;
          if (call !== undefined) this.#calls.set(call, seq);
        }
        break;
      case 'mcp.outcome':
        if (record.aborted) counts.aborted += 1;
        if (call !== undefined && this.#calls.delete(call)) counts.allowsWithOutcome += 1;
        else this.#find(record, file, line, 'an outcome without an allowed call that is open');
        break;
      case 'stream.opened':
        if (call !== undefined) this.#streams.set(call, seq);
        break;
      case 'stream.closed':
        if (call === undefined || !this.#streams.delete(call))
          this.#find(record, file, line, 'a stream was closed that was not open');
        break;
      case 'auth.failure':
      case 'request.refused':
        counts.refusals += 1;
        break;
      default:
    }
  }

  /** `closed`: the writer says that nothing follows. */
  finish(closed: boolean): void {
    const code = closed ? 'no_outcome' : 'open_call';
    for (const [call, seq] of this.#calls) {
      this.#findings.add(code, this.#stream, { call, seq, problem: 'the allowed call has no outcome' });
    }
    for (const [call, seq] of this.#streams) {
      this.#findings.add(code, this.#stream, { call, seq, problem: 'the opened stream was not closed' });
    }
  }

  #find({ call, seq }: ScannedRecord, file: string, line: number, problem: string): void {
    const code = this.#cut ? 'decision_before_log' : 'no_decision';
    this.#findings.add(code, this.#stream, { file, line, seq, call, problem });
  }
}
