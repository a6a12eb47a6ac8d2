import type { AuditRecord, JsonValue } from '@sallyport/core';
import { missingText } from '../read/read-whole-log.ts';
import type { OpenSelection } from './attempt-selection.ts';
import type { PieceFinding, PieceResult, ScanFindingCode, ScanOrder, UndecidedRow } from './scan-order.ts';

/** More findings are counted, not kept. */
const maxFindings = 1000;

/** Collects what a piece comes to, and checks the order of its records. */
export class PieceBuilder {
  readonly #order: ScanOrder;
  readonly #rows: string[] = [];
  readonly #undecided: UndecidedRow[] = [];
  readonly #findings: PieceFinding[] = [];
  #omitted = 0;
  #badEnd: PieceFinding | undefined;
  #lines = 0;
  #records = 0;
  #firstSeq: number | undefined;
  #firstLine = 0;
  #nextSeq: number | undefined;
  #retainedFrom = 0;

  constructor(order: ScanOrder) {
    this.#order = order;
    this.#nextSeq = order.nextSeq;
  }

  /** A line that is no record. */
  bad(line: number, problem: string): void {
    this.#begin(line);
    this.#badEnd = { code: 'torn', line, problem };
  }

  /** A line that is a record: true when it belongs here. */
  take(line: number, record: Pick<AuditRecord, 'stream' | 'seq'>, retainedFrom: JsonValue | undefined): boolean {
    this.#begin(line);
    const { stream, seq } = record;
    const { supersededFrom } = this.#order;
    if (stream !== this.#order.stream) {
      this.#find('foreign', line, 'the record belongs to another stream');
      return false;
    }
    if (supersededFrom !== undefined && seq >= supersededFrom) {
      this.#find('superseded', line, `never acknowledged: the next segment goes on from number ${supersededFrom}`);
      return false;
    }
    this.#records += 1;
    if (this.#firstSeq === undefined) this.#firstLine = line;
    this.#firstSeq ??= seq;
    const next = this.#nextSeq ?? seq;
    if (seq > next) this.#find('gap', line, missingText(next, seq));
    else if (seq < next) this.#find('duplicate', line, `record ${seq} follows record ${next - 1}`);
    this.#nextSeq = Math.max(next, seq + 1);
    if (typeof retainedFrom === 'number') this.#retainedFrom = Math.max(this.#retainedFrom, retainedFrom);
    return true;
  }

  /** What a task made of a selected record. Of an undecided one it counts too that it made nothing: others are selected with it. */
  row(text: string | undefined, undecided: Omit<UndecidedRow, 'row'> | undefined): void {
    if (undecided !== undefined)
      this.#undecided.push({ row: text === undefined ? -1 : this.#rows.length, ...undecided });
    if (text !== undefined) this.#rows.push(text);
  }

  finish<Result>(open: readonly OpenSelection[], result: Result | undefined): PieceResult<Result> {
    return {
      lines: this.#lines,
      records: this.#records,
      rows: this.#rows,
      undecided: this.#undecided,
      open,
      findings: this.#findings,
      omitted: this.#omitted,
      badEnd: this.#badEnd,
      firstSeq: this.#firstSeq,
      firstLine: this.#firstLine,
      nextSeq: this.#nextSeq,
      retainedFrom: this.#retainedFrom,
      result,
    };
  }

  /** Something follows the line that was bad: no crash explains it. */
  #begin(line: number): void {
    this.#lines = line;
    if (this.#badEnd === undefined) return;
    const { line: bad, problem } = this.#badEnd;
    this.#badEnd = undefined;
    this.#find('unparsable', bad, problem);
  }

  #find(code: ScanFindingCode, line: number, problem: string): void {
    if (this.#findings.length < maxFindings) this.#findings.push({ code, line, problem });
    else this.#omitted += 1;
  }
}
