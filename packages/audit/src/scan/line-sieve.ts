import type { ScannedRecord } from '../verify/scan-record.ts';

/** What a line must have to be looked at closely. Lets more lines through than fit, never fewer. */
export interface ScanHints {
  /**
   * Texts of which each must stand in the line as JSON writes it without escapes: ASCII or not, but without quotes inside,
   * backslashes and control characters. See `jsonText`.
   */
  readonly texts?: readonly string[];
  /** Milliseconds since the epoch, inclusive. */
  readonly sinceMs?: number;
  /** Milliseconds since the epoch, inclusive. */
  readonly untilMs?: number;
}

const backslash = 0x5c;
const usualLength = 4096;
/** What writers write with an escape although JSON does not ask for it. */
const escaped = /[\u007f-\u009f\u2028\u2029]/;

/**
 * A string as it stands in a line of JSON that has no escapes: in quotes. `undefined` when it can only be written with escapes or
 * when writers differ; then there is nothing to look for.
 */
export function jsonText(value: string): string | undefined {
  const text = `"${value}"`;
  return escaped.test(value) || JSON.stringify(value) !== text ? undefined : text;
}

/**
 * Finds lines by their bytes: one search through a block serves for all of its lines. A line with a backslash anywhere always
 * passes, since the text may stand in it in another form.
 */
export class LineSieve {
  readonly #needles: readonly Needle[];
  readonly #escapes: Needle = createNeedle(Buffer.of(backslash));
  readonly #sinceMs: number;
  readonly #untilMs: number;
  readonly #timed: boolean;

  constructor({ texts = [], sinceMs, untilMs }: ScanHints) {
    this.#needles = texts.filter((text) => text !== '').map((text) => createNeedle(Buffer.from(text)));
    this.#sinceMs = sinceMs ?? Number.NEGATIVE_INFINITY;
    this.#untilMs = untilMs ?? Number.POSITIVE_INFINITY;
    this.#timed = sinceMs !== undefined || untilMs !== undefined;
  }

  /** True when the time of a record counts. */
  get timed(): boolean {
    return this.#timed;
  }

  /** True when every line passes. */
  get open(): boolean {
    return this.#needles.length === 0 && !this.#timed;
  }

  /** Begins with another block: positions in the one before mean nothing any more. */
  begin(): void {
    for (const needle of [...this.#needles, this.#escapes]) needle.at = -1;
  }

  /** Whether the line from `start` to `end` may fit. Lines are asked about in their order. */
  passes(bytes: Buffer, start: number, end: number, { atMs }: Pick<ScannedRecord, 'atMs'>): boolean {
    // A time that can not be read is no reason to leave a record out.
    if (atMs < this.#sinceMs || atMs > this.#untilMs) return false;
    return this.holds(bytes, start, end);
  }

  /** Whether a line of usual length that begins at `start` can hold all of it, or escapes: sparing a search for its end. */
  near(bytes: Buffer, start: number): boolean {
    const end = start + usualLength;
    return this.holds(bytes, start, end);
  }

  /** As `passes`, whatever the time is. */
  holds(bytes: Buffer, start: number, end: number): boolean {
    if (this.#needles.every((needle) => stands(needle, bytes, start, end))) return true;
    return this.escaped(bytes, start, end);
  }

  /** Whether there is a backslash in the line. */
  escaped(bytes: Buffer, start: number, end: number): boolean {
    return stands(this.#escapes, bytes, start, end);
  }
}

interface Needle {
  readonly bytes: Buffer;
  /** Where it stands next; -1 when that is not known, infinite when nowhere. */
  at: number;
}

function createNeedle(bytes: Buffer): Needle {
  return { bytes, at: -1 };
}

function stands(needle: Needle, bytes: Buffer, start: number, end: number): boolean {
  if (needle.at < start) {
    const at = bytes.indexOf(needle.bytes, start);
    needle.at = at === -1 ? Number.POSITIVE_INFINITY : at;
  }
  return needle.at + needle.bytes.length <= end;
}
