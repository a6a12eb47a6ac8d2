import { join } from 'node:path';
import type { MissingFindingCode, ReadFindingCode } from '@sallyport/audit';
import { errorPage } from '@sallyport/core';
import type { Output } from '../terminal/output.ts';

/** Findings of one kind that are told one by one; the rest is counted. */
const maxTold = 20;

/** What a crash leaves, or a record that is being written: it was never acknowledged. */
const harmlessCodes: ReadonlySet<string> = new Set(['torn', 'superseded']);

/** What is wrong with a line, or missing. */
export interface LogFinding {
  readonly code: ReadFindingCode | MissingFindingCode;
  /** File name without its directory. */
  readonly file: string;
  /** Counted from 1; 0 for the whole file. */
  readonly line: number;
  readonly problem: string;
}

export interface LogDamage {
  readonly first: readonly LogFinding[];
  readonly count: number;
}

/** Collects what is wrong with a log while it is read, in bounded memory. */
export interface LogFindings {
  see(finding: LogFinding): void;
  /** So many more damaged lines, of which nothing else is known. */
  skip(count: number): void;
  /** What no crash explains: the first of it, and how much there is. */
  damage(): LogDamage;
  /** Tells what was seen. True when there is damage that no crash explains. */
  report(directory: string, output: Output): boolean;
}

export function createLogFindings(): LogFindings {
  const harmless: LogFinding[] = [];
  const damage: LogFinding[] = [];
  let damaged = 0;
  return {
    see(finding) {
      const isHarmless = harmlessCodes.has(finding.code);
      if (!isHarmless) damaged += 1;
      const list = isHarmless ? harmless : damage;
      if (list.length < maxTold) list.push(finding);
    },
    skip(count) {
      damaged += count;
    },
    damage: () => ({ first: damage, count: damaged }),
    report(directory, output) {
      for (const { code, file, line, problem } of harmless) {
        output.message(`${file} line ${line}: ${problem} (${code}; it was never acknowledged)`);
      }
      for (const { code, file, line, problem } of damage) {
        output.problem({
          code: 'ERR_AUDIT_DAMAGED',
          file: join(directory, file),
          ...(line > 0 && { field: `line ${line}` }),
          problem: `${problem} (${code})`,
          remedy: 'keep the files as they are and find out who changed them',
          doc: errorPage('ERR_AUDIT_DAMAGED'),
        });
      }
      if (damaged > damage.length) output.warning(`${damaged - damage.length} more damaged lines`);
      return damaged > 0;
    },
  };
}
