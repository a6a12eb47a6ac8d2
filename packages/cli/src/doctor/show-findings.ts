import { errorPage } from '@sallyport/core';
import type { Output } from '../terminal/output.ts';
import { printable } from '../terminal/printable.ts';
import type { Tone } from '../terminal/style.ts';
import type { Finding, FindingStatus } from './finding.ts';

const tones: Readonly<Record<FindingStatus, Tone>> = { pass: 'good', fail: 'bad', warn: 'warn', skip: 'faint' };
/** Columns of the name of a check. */
const nameWidth = 14;
const indent = ' '.repeat('PASS'.length + 2 + nameWidth + 2);

/** One line for a finding; below it what to do and where to read more. */
export async function showFinding(finding: Finding, output: Output): Promise<void> {
  const { check, status, what, remedy, code } = finding;
  if (output.json) {
    await output.dataJson({ ...finding, ...(code !== undefined && { doc: errorPage(code) }) });
    return;
  }
  const { style } = output;
  const lines = [`${style(tones[status], status.toUpperCase())}  ${check.padEnd(nameWidth)}  ${printable(what)}`];
  if (remedy !== undefined) lines.push(`${indent}${printable(remedy)}`);
  if (code !== undefined) lines.push(`${indent}${style('faint', errorPage(code))}`);
  await output.data(lines.join('\n'));
}

export async function showSummary(findings: readonly Finding[], output: Output): Promise<void> {
  const count = (wanted: FindingStatus): number => findings.filter(({ status }) => status === wanted).length;
  const [passed, failed, warnings, skipped] = [count('pass'), count('fail'), count('warn'), count('skip')];
  if (output.json) {
    await output.dataJson({ ok: failed === 0, passed, failed, warnings, skipped });
    return;
  }
  const more = [
    warnings === 1 ? '1 warning' : warnings > 1 && `${warnings} warnings`,
    skipped > 0 && `${skipped} skipped`,
  ];
  const verdict = output.style(failed > 0 ? 'bad' : 'good', `${passed} passed, ${failed} failed`);
  await output.data([verdict, ...more.filter((part) => part !== false)].join(', '));
}
