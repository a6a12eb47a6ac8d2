import { errorPage, type JsonObject } from '@sallyport/core';
import type { Output } from '../../terminal/output.ts';
import { createProgress } from '../../terminal/progress.ts';
import { withCommas } from '../../terminal/with-commas.ts';
import { writeNewFile } from '../export/export-files.ts';
import { createLogFindings } from '../log-findings.ts';
import { whoReads, type ReadingResult } from '../reading/record-reading.ts';
import { readEvidence, type GivenEvidence } from '../verify/read-evidence.ts';
import { makeReport } from './make-report.ts';
import { renderReport } from './page/render-report.ts';
import type { AuditReport } from './report-model.ts';

export interface WriteReportOptions {
  /** A new file for the page; without it only `--json` has something to say. */
  readonly out?: string | undefined;
  readonly title?: string | undefined;
  readonly sinceMs?: number | undefined;
  readonly untilMs?: number | undefined;
  readonly stream?: string | undefined;
  readonly given: GivenEvidence;
  readonly nowMs: number;
  /** Name and version of the command. */
  readonly madeWith: string;
}

/**
 * Makes the report of a log: one HTML page in a new file, its figures as JSON with `--json`.
 *
 * @throws SetupError `ERR_AUDIT_DIRECTORY`, `ERR_AUDIT_KEY`; `ERR_CLI_USAGE` when the file exists already or can not be written.
 */
export async function writeReport(
  directory: string,
  options: WriteReportOptions,
  output: Output,
): Promise<ReadingResult> {
  const { out, title, sinceMs, untilMs, stream, given, nowMs, madeWith } = options;
  const evidence = await readEvidence(given);
  const progress = createProgress(output, 'reading');
  const { user, host } = whoReads();
  const findings = createLogFindings();
  const report = await makeReport(directory, {
    title,
    sinceMs,
    untilMs,
    stream,
    evidence,
    madeWith,
    madeAtMs: nowMs,
    madeBy: { user: textOr(user), host: textOr(host) },
    findings,
    onProgress: progress.step,
  }).finally(progress.finish);
  const file = out === undefined ? undefined : await writeNewFile(out, renderReport(report));
  if (output.json) await output.dataJson({ ...report, ...(file !== undefined && { file }) });
  else if (file !== undefined) await output.data(`${file.name}  ${file.bytes} bytes  sha256:${file.sha256}`);
  const damaged = findings.report(directory, output);
  tell(directory, report, output);
  const facts: JsonObject = {
    records: report.figures.records,
    of: report.read,
    verified: report.verification.exitCode,
    ...(file !== undefined && { files: [{ name: file.name, sha256: file.sha256 }] }),
  };
  const { exitCode } = report.verification;
  return { exitCode: damaged || exitCode === 1 || exitCode === 2 ? 1 : 0, facts };
}

function tell(directory: string, { figures, verification }: AuditReport, output: Output): void {
  const { allowed, denied, wouldDeny } = figures.decisions;
  const calls = withCommas(allowed + denied + wouldDeny);
  const { content, signer, time, completeness, exitCode, findings } = verification;
  const verdicts = `content ${content}, signer ${signer}, time ${time}, complete ${completeness}`;
  output.message(`${withCommas(figures.records)} records, ${calls} calls, ${withCommas(denied)} denied; ${verdicts}`);
  if (exitCode === 3) output.message('something is not confirmed: the statement at the end of the report says what');
  // What could not be read for the figures was told line by line.
  if (exitCode !== 1 && exitCode !== 2) return;
  const codes = [...new Set(findings.filter(({ verdict }) => verdict !== 'NOTE').map(({ code }) => code))];
  output.problem({
    code: 'ERR_AUDIT_DAMAGED',
    file: directory,
    problem: `${exitCode === 1 ? 'the log is refuted' : 'the log could not be read in full'}: ${codes.join(', ')}`,
    remedy: 'keep the files as they are, and see the findings with  sallyport audit verify',
    doc: errorPage('ERR_AUDIT_DAMAGED'),
  });
}

function textOr(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
