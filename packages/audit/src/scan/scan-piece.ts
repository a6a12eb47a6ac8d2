import { isUtf8 } from 'node:buffer';
import { member, type AuditRecord } from '@sallyport/core';
import { parseRecord } from '../segment/parse-record.ts';
import { RecordScanner } from '../verify/scan-record.ts';
import { AttemptSelection, type Selection } from './attempt-selection.ts';
import { LineFields } from './line-fields.ts';
import { LineSieve } from './line-sieve.ts';
import { PieceBuilder } from './piece-builder.ts';
import { readPiece, releasePiece, type PieceLines } from './read-piece.ts';
import type { PieceResult, ScanOrder } from './scan-order.ts';
import type { ScanTask } from './scan-task.ts';

/**
 * Scans one piece: every line is checked to be a record of the stream in its place; the lines that may fit are read in full. Rejects
 * when the file can not be read.
 */
export async function scanPiece<Result>(order: ScanOrder, task: ScanTask<Result>): Promise<PieceResult<Result>> {
  const scan = new PieceScan(order, task);
  const lines = await readPiece(order);
  scan.run(lines);
  releasePiece(lines);
  return scan.finish();
}

const lineFeed = 0x0a;

class PieceScan<Result> {
  readonly #task: ScanTask<Result>;
  readonly #piece: PieceBuilder;
  readonly #sieve: LineSieve;
  readonly #scanner: RecordScanner = new RecordScanner();
  readonly #selection: AttemptSelection = new AttemptSelection();
  /** Of a task that takes lines. */
  readonly #fields: LineFields | undefined;
  #line = 0;

  constructor(order: ScanOrder, task: ScanTask<Result>) {
    this.#task = task;
    const takesLines = task.fits === undefined && task.takeLine !== undefined;
    this.#fields = takesLines ? new LineFields(task.fields ?? []) : undefined;
    this.#piece = new PieceBuilder(order);
    this.#sieve = new LineSieve(task.hints ?? {});
  }

  run({ bytes, start, end, last }: PieceLines): void {
    // Seen once for all of it; what is not UTF-8 is looked for line by line.
    const utf8 = isUtf8(bytes.subarray(start, end));
    const sieve = this.#sieve;
    sieve.begin();
    for (let at = start; at < end;) {
      this.#line += 1;
      const scanned = utf8 && !this.#needsAll(bytes, at) ? this.#scanner.scan(bytes, at, this.#fields) : -1;
      const next = scanned === -1 ? bytes.indexOf(lineFeed, at) : scanned;
      if (next >= end && last !== 'whole') this.#seeUnfinished(last);
      else if (scanned === -1) this.#seeLine(bytes.subarray(at, next));
      else this.#seeScanned(bytes, at, next);
      at = next + 1;
    }
  }

  /** What is read in full anyway is not scanned before. */
  #needsAll(bytes: Buffer, start: number): boolean {
    const sieve = this.#sieve;
    if (this.#fields !== undefined || sieve.timed) return false;
    return sieve.open || (sieve.near(bytes, start) && sieve.holds(bytes, start, bytes.indexOf(lineFeed, start)));
  }

  finish(): PieceResult<Result> {
    return this.#piece.finish(this.#selection.open(), this.#task.finish?.());
  }

  #seeUnfinished(last: PieceLines['last']): void {
    const problem = last === 'too long' ? 'the line is too long for a record' : 'the last line is not finished';
    this.#piece.bad(this.#line, problem);
  }

  /** A line that was not scanned: because all are read, or because it is unusual. */
  #seeLine(line: Buffer): void {
    const parsed = parseRecord(line);
    if ('problem' in parsed) {
      this.#piece.bad(this.#line, parsed.problem);
      return;
    }
    const { record } = parsed;
    const from = record.type === 'audit.rotated' ? member(record.detail, 'retainedFrom') : undefined;
    if (this.#piece.take(this.#line, record, from)) this.#select(record, () => line.toString('utf8'));
  }

  #seeScanned(bytes: Buffer, start: number, end: number): void {
    const scanned = this.#scanner;
    const { type, call, effect } = scanned;
    const from = type === 'audit.rotated' ? member(scanned.record?.detail, 'retainedFrom') : undefined;
    if (!this.#piece.take(this.#line, scanned, from)) return;
    const plain = this.#fields !== undefined && !this.#sieve.escaped(bytes, start, end);
    if (plain && this.#task.takeLine?.(bytes, this.#fields) === true) return;
    // Of a denial only the whole record tells whether it was enforced.
    const { byOwnFacts = false } = this.#task;
    const closer =
      this.#fields !== undefined ||
      this.#sieve.passes(bytes, start, end, scanned) ||
      (!byOwnFacts && effect === 'deny' && hasEnforced(bytes, start, end));
    if (closer) {
      this.#selectLine(bytes.toString('utf8', start, end));
    } else if (byOwnFacts || call === undefined) {
      return;
    } else {
      const known = this.#selection.follow(scanned);
      if (known === undefined && effect === 'allow') this.#selection.begin(scanned, false);
      else if (known !== undefined && known !== 'left out') this.#takeLine(bytes.toString('utf8', start, end), known);
    }
  }

  #selectLine(line: string): void {
    this.#select(JSON.parse(line) as AuditRecord, () => line);
  }

  #takeLine(line: string, known: Selection): void {
    this.#take(JSON.parse(line) as AuditRecord, () => line, known);
  }

  #select(record: AuditRecord, line: () => string): void {
    const own = this.#task.byOwnFacts === true;
    const fits = (): boolean => this.#fits(record);
    const known = own ? (fits() ? 'selected' : 'left out') : this.#selection.see(record, fits);
    if (known !== 'left out') this.#take(record, line, known);
  }

  #take(record: AuditRecord, line: () => string, known: Selection): void {
    const undecided = known === 'undecided';
    const row = this.#task.take(record, line, !undecided);
    const { type, call } = record;
    this.#piece.row(row, undecided ? { type, call, fits: this.#fits(record) } : undefined);
  }

  #fits(record: AuditRecord): boolean {
    return this.#task.fits?.(record) ?? true;
  }
}

const enforced = Buffer.from('"enforced"');

function hasEnforced(bytes: Buffer, start: number, end: number): boolean {
  return bytes.subarray(start, end).includes(enforced);
}
