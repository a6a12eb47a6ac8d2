import { missingText } from '../read/read-whole-log.ts';
import { truncation, type SignedEnd } from '../read/signed-ends.ts';
import { AttemptSelection } from './attempt-selection.ts';
import type { PieceFinding, PieceResult, ScanFindingCode, ScanOrder } from './scan-order.ts';

/** What is wrong with a line of a log. */
export interface ScanFinding {
  readonly code: ScanFindingCode;
  readonly stream: string;
  /** File name without its directory. */
  readonly file: string;
  /** Counted from 1; 0 for a finding about the whole file. */
  readonly line: number;
  /** One readable line. */
  readonly problem: string;
}

/** Joins the pieces of one stream, in their order: numbers of lines, numbers of records, calls that reach from one to another. */
export class StreamJoin {
  readonly stream: string;
  readonly #selection: AttemptSelection = new AttemptSelection();
  #file = '';
  #lines = 0;
  #badEnd: ScanFinding | undefined;
  #first: ScanFinding | undefined;
  #firstSeq = 0;
  #nextSeq: number | undefined;
  #retainedFrom = 0;

  constructor(stream: string) {
    this.stream = stream;
  }

  /** The number that the next record should have. */
  get nextSeq(): number | undefined {
    return this.#nextSeq;
  }

  /** True when a piece has to be scanned again, knowing what stands before it: its numbers go back. */
  mustRepeat({ firstSeq }: PieceResult<unknown>, { nextSeq }: ScanOrder): boolean {
    return nextSeq === undefined && firstSeq !== undefined && firstSeq < (this.#nextSeq ?? firstSeq);
  }

  /** Takes the next piece: what is wrong with it, and the rows that remain. */
  add(order: ScanOrder, piece: PieceResult<unknown>): { readonly findings: ScanFinding[]; readonly rows: string[] } {
    const findings: ScanFinding[] = [];
    if (order.file !== this.#file) findings.push(...this.#takeEnd());
    else if (piece.lines > 0) findings.push(...this.#takeEnd('unparsable'));
    if (order.file !== this.#file) this.#lines = 0;
    this.#file = order.file;
    const place = ({ code, line, problem }: PieceFinding): ScanFinding => ({
      code,
      stream: this.stream,
      file: order.file,
      line: this.#lines + line,
      problem,
    });
    const { firstSeq } = piece;
    if (firstSeq !== undefined) {
      const gap = this.#gapBefore(firstSeq, place({ code: 'gap', line: piece.firstLine, problem: '' }), order);
      if (gap !== undefined) findings.push(gap);
    }
    findings.push(...piece.findings.map(place));
    this.#badEnd = piece.badEnd === undefined ? this.#badEnd : place(piece.badEnd);
    this.#lines += piece.lines;
    this.#nextSeq = piece.nextSeq ?? this.#nextSeq;
    this.#retainedFrom = Math.max(this.#retainedFrom, piece.retainedFrom);
    return { findings, rows: this.#decide(piece) };
  }

  /** What is wrong with the end and the beginning. `signed`: the checkpoint of the stream. */
  finish(signed: SignedEnd | undefined): ScanFinding[] {
    const findings = this.#takeEnd();
    if (this.#first !== undefined && this.#firstSeq > this.#retainedFrom) {
      findings.push({ ...this.#first, problem: missingText(0, this.#firstSeq) });
    }
    if (signed !== undefined) findings.push(...truncated(signed, this.#nextSeq));
    return findings;
  }

  /** The last line of a file is torn; followed by others it is no record. */
  #takeEnd(code: ScanFindingCode = 'torn'): ScanFinding[] {
    const end = this.#badEnd;
    this.#badEnd = undefined;
    return end === undefined ? [] : [{ ...end, code }];
  }

  #gapBefore(firstSeq: number, at: ScanFinding, { nextSeq }: ScanOrder): ScanFinding | undefined {
    if (this.#nextSeq === undefined) {
      // Retention may say later that it deleted what is missing.
      this.#first = at;
      this.#firstSeq = firstSeq;
      return undefined;
    }
    const known = nextSeq !== undefined || firstSeq <= this.#nextSeq;
    return known ? undefined : { ...at, problem: missingText(this.#nextSeq, firstSeq) };
  }

  #decide({ rows, undecided, open }: PieceResult<unknown>): string[] {
    const dropped = new Set<number>();
    for (const part of undecided) {
      const known = this.#selection.follow(part);
      const selected = known === 'selected' || (known !== 'left out' && this.#selection.settle(part, part.fits));
      if (!selected) dropped.add(part.row);
    }
    this.#selection.resume(open);
    return dropped.size === 0 ? [...rows] : rows.filter((_, index) => !dropped.has(index));
  }
}

/** What is missing of the records that a checkpoint is about. */
export function truncated(end: SignedEnd, nextSeq: number | undefined): ScanFinding[] {
  const problem = truncation(end, nextSeq);
  return problem === undefined ? [] : [{ code: 'truncated', stream: end.stream, file: end.file, line: 0, problem }];
}
