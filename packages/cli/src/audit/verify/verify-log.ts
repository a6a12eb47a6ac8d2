import { parseProofFile, verifyAuditLog, verifyProofFile, type VerifyAuditLogOptions } from '@sallyport/audit';
import type { Output } from '../../terminal/output.ts';
import { createProgress } from '../../terminal/progress.ts';
import { readEvidence, readText, type GivenEvidence } from './read-evidence.ts';
import { showProofReport, showReport } from './show-report.ts';

/** Verifies the log of a directory and shows the report. Resolves to the exit code. */
export async function verifyLog(
  directory: string,
  { stream, ...given }: GivenEvidence & { readonly stream?: string | undefined },
  output: Output,
): Promise<number> {
  const progress = createProgress(output, 'verifying');
  const options: VerifyAuditLogOptions = {
    ...(await readEvidence(given)),
    ...(stream !== undefined && { stream }),
    onProgress: progress.step,
  };
  const report = await verifyAuditLog(directory, options).finally(progress.finish);
  await showReport(report, output);
  return report.exitCode;
}

/** Verifies a proof file and shows the report. Resolves to the exit code. */
export async function verifyProof(file: string, given: GivenEvidence, output: Output): Promise<number> {
  const proof = parseProofFile(await readText(file, 'proof'), file);
  const report = verifyProofFile(proof, await readEvidence(given));
  await showProofReport(report, output);
  return report.exitCode;
}
