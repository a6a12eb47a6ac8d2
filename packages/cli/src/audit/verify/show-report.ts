import type { ProofReport, VerifyFinding, VerifyReport, VerifyStream, VerifyVerdict } from '@sallyport/audit';
import type { Output } from '../../terminal/output.ts';
import { printable } from '../../terminal/printable.ts';
import type { Style, Tone } from '../../terminal/style.ts';
import { withCommas } from '../../terminal/with-commas.ts';

const tones: Readonly<Record<string, Tone>> = {
  PASS: 'good',
  FAIL: 'bad',
  UNCHECKED: 'bad',
  UNCONFIRMED: 'warn',
  NOTE: 'faint',
};
const verdictWidth = 'UNCONFIRMED'.length;
const gap = '   ';

/** The page that explains a finding. */
export function findingPage(code: string): string {
  return `https://sallyport.dev/audit-verify#${code}`;
}

/** What verification found: every finding with its next step, and a line for each stream. */
export async function showReport(report: VerifyReport, output: Output): Promise<void> {
  if (output.json) {
    await output.dataJson({ ...report, findings: report.findings.map(withPage) });
    return;
  }
  await showFindings(report, output);
  const { streams, exitCode } = report;
  const [only] = streams;
  if (streams.length === 1 && only !== undefined) {
    await output.data([...streamFacts(only, output.style), `exit ${exitCode}`].join(gap));
    return;
  }
  const width = Math.max(...streams.map(({ stream }) => stream.length));
  for (const stream of streams) {
    await output.data([printable(stream.stream).padEnd(width), ...streamFacts(stream, output.style)].join(gap));
  }
  await output.data([`${streams.length} streams`, ...sumFacts(report, output.style), `exit ${exitCode}`].join(gap));
}

export async function showProofReport(report: ProofReport, output: Output): Promise<void> {
  if (output.json) {
    await output.dataJson({ ...report, findings: report.findings.map(withPage) });
    return;
  }
  await showFindings(report, output);
  const { proven, records, content, signer, exitCode, checkpoints } = report;
  for (const { origin, size } of checkpoints) output.message(`checkpoint of ${withCommas(size)} records of ${origin}`);
  const { style } = output;
  const parts = [`records ${withCommas(proven)}/${withCommas(records)} proven`, `content ${verdict(content, style)}`];
  await output.data([...parts, `signer ${verdict(signer, style)}`, `exit ${exitCode}`].join(gap));
}

async function showFindings(
  { findings, omittedFindings }: { readonly findings: readonly VerifyFinding[]; readonly omittedFindings: number },
  output: Output,
): Promise<void> {
  const { style } = output;
  const indent = ' '.repeat(verdictWidth + 2);
  for (const finding of findings) {
    const { verdict: weight, aspect, code, problem, next } = finding;
    const head = `${style(tones[weight] ?? 'faint', weight.padEnd(verdictWidth))}  ${aspect} ${code}`;
    const lines = [`${head}  ${printable(placeOf(finding) + problem)}`];
    if (weight !== 'NOTE') lines.push(`${indent}${next}`, `${indent}${style('faint', findingPage(code))}`);
    await output.data(lines.join('\n'));
  }
  if (omittedFindings > 0) output.message(`${withCommas(omittedFindings)} more findings are not shown`);
}

/** Where a finding is: stream, file, line or call, as far as they are known. */
export function placeOf({ stream, file, line, call, seq }: VerifyFinding): string {
  const place = [
    file ?? stream,
    line === undefined ? undefined : `line ${line}`,
    line === undefined && seq !== undefined && call !== undefined ? `record ${seq}` : undefined,
    call === undefined ? undefined : `call ${call}`,
  ].filter((part) => part !== undefined && part !== '');
  return place.length === 0 ? '' : `${place.join(' ')}: `;
}

function streamFacts(stream: VerifyStream, style: Style): string[] {
  const { firstSeq, lastSeq } = stream;
  const range = firstSeq === undefined || lastSeq === undefined ? '0' : `${firstSeq}–${lastSeq}`;
  const key = stream.signer === 'PASS' || stream.signedBy === undefined ? '' : `${printable(stream.signedBy)} `;
  return facts(stream, range, key, style);
}

function sumFacts(report: VerifyReport, style: Style): string[] {
  return facts(report, withCommas(report.records), '', style);
}

function facts(counts: VerifyReport | VerifyStream, range: string, key: string, style: Style): string[] {
  const { missing, declaredLost, allows, allowsWithOutcome, denies, records, covered, redactions } = counts;
  const gaps = missing === 0 ? 'no gaps' : style('bad', `${withCommas(missing)} missing`);
  return [
    `records ${range} ${gaps}`,
    ...(declaredLost > 0 ? [style('warn', `${withCommas(declaredLost)} declared lost`)] : []),
    ...(allows > 0 ? [`allows ${withCommas(allowsWithOutcome)}/${withCommas(allows)} with outcome`] : []),
    ...(denies > 0 ? [`denies ${withCommas(denies)}`] : []),
    `content ${withCommas(covered)}/${withCommas(records)} ${verdict(counts.content, style)}`,
    `signer ${key}${verdict(counts.signer, style)}`,
    `time ${verdict(counts.time, style)}`,
    `complete ${verdict(counts.completeness, style)}`,
    ...(redactions > 0 ? [`redactions ${withCommas(redactions)} declared`] : []),
  ];
}

function verdict(value: VerifyVerdict, style: Style): string {
  return style(tones[value] ?? 'faint', value);
}

function withPage(finding: VerifyFinding): object {
  return { ...finding, doc: findingPage(finding.code) };
}
