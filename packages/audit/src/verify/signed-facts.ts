import { isOpening, type Claim } from './claim.ts';
import type { RecordRange } from './content-check.ts';
import type { LogFacts } from './log-facts.ts';
import type { SigningRotation } from './signer-check.ts';

/**
 * What the log says about itself in records that a checkpoint covers which their own writer made. A record that a later start took over
 * unsigned may be of anybody: it explains nothing.
 */
export class SignedFacts {
  /** Records that were taken over unsigned, in their order, but for those that a checkpoint from before covers. */
  readonly adopted: readonly RecordRange[];
  readonly rotations: readonly SigningRotation[];
  /** Number of the first record that retention kept. */
  readonly retainedFrom: number;
  /** Where a signed end of the log is and no start is signed that goes on behind it. */
  readonly closedAt: number | undefined;
  readonly #facts: LogFacts;
  /** Records that a matching checkpoint covers. */
  readonly #signedTo: number;

  constructor(facts: LogFacts, claims: readonly Claim[]) {
    const matching = claims.filter(({ result }) => result === 'matched');
    const signedTo = Math.max(0, ...matching.map(({ checkpoint }) => checkpoint.size));
    const opened = matching.some((claim) => claim.checkpoint.size === signedTo && isOpening(claim));
    this.#facts = facts;
    this.#signedTo = signedTo;
    this.adopted = adoptedRanges(facts, matching, signedTo);
    this.rotations = facts.rotations.filter(({ seq }) => this.#isSigned(seq));
    const retained = facts.retained.filter(({ seq }) => this.#isSigned(seq));
    this.retainedFrom = Math.max(0, ...retained.map(({ value }) => value));
    this.closedAt = !opened && facts.stops.has(signedTo - 1) ? signedTo : undefined;
  }

  /** Whether a record explains the end of a file; `unsigned` when none does that is signed. */
  explains(kind: 'torn' | 'abandoned', file: string): 'signed' | 'unsigned' | undefined {
    const said = this.#facts[kind].filter(({ value }) => value === file);
    if (said.length === 0) return undefined;
    return said.some(({ seq }) => this.#isSigned(seq)) ? 'signed' : 'unsigned';
  }

  #isSigned(seq: number): boolean {
    return seq < this.#signedTo && !this.adopted.some(({ from, to }) => seq >= from && seq < to);
  }
}

function adoptedRanges({ unsigned }: LogFacts, matching: readonly Claim[], signedTo: number): RecordRange[] {
  const ranges: RecordRange[] = [];
  // What a start says inside a range that a later one took over unsigned counts for nothing.
  for (const { seq, value } of unsigned.toReversed()) {
    if (seq >= signedTo || ranges.some(({ from, to }) => seq >= from && seq < to)) continue;
    ranges.push(value);
  }
  const held = matching.filter(({ external, signedBy }) => external && signedBy.key !== undefined);
  return ranges.toReversed().flatMap(({ from, to }) => {
    const before = held.map(({ checkpoint }) => checkpoint.size).filter((size) => size <= to);
    const covered = Math.max(from, ...before);
    return covered < to ? [{ from: covered, to }] : [];
  });
}
