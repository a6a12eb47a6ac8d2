import { join } from 'node:path';
import type { ReadFinding } from '@sallyport/audit';
import { errorPage } from '@sallyport/core';
import type { Output } from '../terminal/output.ts';

/** Findings of one kind that are told one by one; the rest is counted. */
const maxTold = 20;

/** What a crash leaves, or a record that is being written: it was never acknowledged. */
const harmlessCodes: ReadonlySet<string> = new Set(['torn', 'superseded']);

/** Collects what is wrong with a log while it is read, in bounded memory. */
export interface LogFindings {
  see(finding: ReadFinding): void;
  /** Tells what was seen. True when there is damage that no crash explains. */
  report(directory: string, output: Output): boolean;
}

export function createLogFindings(): LogFindings {
  const harmless: ReadFinding[] = [];
  const damage: ReadFinding[] = [];
  let damaged = 0;
  return {
    see(finding) {
      const isHarmless = harmlessCodes.has(finding.code);
      if (!isHarmless) damaged += 1;
      const list = isHarmless ? harmless : damage;
      if (list.length < maxTold) list.push(finding);
    },
    report(directory, output) {
      for (const { code, file, line, problem } of harmless) {
        output.message(`${file} line ${line}: ${problem} (${code}; it was never acknowledged)`);
      }
      for (const { code, file, line, problem } of damage) {
        output.problem({
          code: 'ERR_AUDIT_DAMAGED',
          file: join(directory, file),
          field: `line ${line}`,
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
