import { findingKinds, type FindingVerdict, type VerifyAspect, type VerifyFindingCode } from './finding-codes.ts';
import type { VerifyFinding, VerifyVerdict } from './verify-report.ts';

/** Where and what, of one finding. */
export interface FindingFacts {
  readonly file?: string | undefined;
  readonly line?: number | undefined;
  readonly seq?: number | undefined;
  readonly call?: string | undefined;
  readonly problem: string;
}

/** Findings kept of one code: a file of rubbish must not fill the memory. */
const maxOfOneCode = 50;
const maxFindings = 1000;
const weights: Readonly<Record<FindingVerdict, number>> = { FAIL: 3, UNCHECKED: 2, UNCONFIRMED: 1, NOTE: 0 };

/** Collects findings in bounded memory and draws the verdicts from them. */
export class Findings {
  readonly #kept: VerifyFinding[] = [];
  readonly #perCode: Map<VerifyFindingCode, number> = new Map();
  readonly #worst: Map<string, FindingVerdict> = new Map();
  #omitted = 0;

  add(code: VerifyFindingCode, stream: string, facts: FindingFacts): void {
    const { aspect, verdict, next } = findingKinds[code];
    for (const key of [aspect, `${aspect} ${stream}`]) {
      const worst = this.#worst.get(key);
      if (worst === undefined || weights[verdict] > weights[worst]) this.#worst.set(key, verdict);
    }
    const count = (this.#perCode.get(code) ?? 0) + 1;
    this.#perCode.set(code, count);
    if (count > maxOfOneCode) {
      this.#omitted += 1;
      return;
    }
    const { file, line, seq, call, problem } = facts;
    this.#kept.push({
      code,
      aspect,
      verdict,
      stream,
      ...(file !== undefined && { file }),
      ...(line !== undefined && { line }),
      ...(seq !== undefined && { seq }),
      ...(call !== undefined && { call }),
      problem,
      next,
    });
  }

  /** The verdict of an aspect, of one stream or of all. */
  verdict(aspect: VerifyAspect, stream?: string): VerifyVerdict {
    const worst = this.#worst.get(stream === undefined ? aspect : `${aspect} ${stream}`);
    return worst === undefined || worst === 'NOTE' ? 'PASS' : worst;
  }

  has(code: VerifyFindingCode): boolean {
    return this.#perCode.has(code);
  }

  /** The gravest first, else in the order they were found. */
  list(): { readonly findings: readonly VerifyFinding[]; readonly omittedFindings: number } {
    const findings = this.#kept.toSorted((a, b) => weights[b.verdict] - weights[a.verdict]).slice(0, maxFindings);
    return { findings, omittedFindings: this.#omitted + this.#kept.length - findings.length };
  }
}
