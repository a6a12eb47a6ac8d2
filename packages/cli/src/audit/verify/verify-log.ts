import { parseProofFile, verifyAuditLog, verifyProofFile, type VerifyAuditLogOptions } from '@sallyport/audit';
import type { Output } from '../../terminal/output.ts';
import { readCheckpoints, readKeys, readText, readWitnesses } from './read-evidence.ts';
import { showProofReport, showReport } from './show-report.ts';

/** As given on the command line. */
export interface GivenEvidence {
  readonly keys: readonly string[];
  readonly checkpoints: readonly string[];
  readonly witnesses: readonly string[];
}

/** A first word about progress comes after so many milliseconds. */
const patienceMs = 1000;

/** Verifies the log of a directory and shows the report. Resolves to the exit code. */
export async function verifyLog(
  directory: string,
  { stream, ...given }: GivenEvidence & { readonly stream?: string | undefined },
  output: Output,
): Promise<number> {
  const from = performance.now();
  let told = -1;
  const onProgress = (read: number, all: number): void => {
    const percent = all === 0 ? 100 : Math.floor((read / all) * 100);
    if (percent === told || performance.now() - from < patienceMs) return;
    told = percent;
    output.progress(`verifying ${percent} % of ${Math.ceil(all / 1e6)} MB`);
  };
  const options: VerifyAuditLogOptions = {
    ...(await readAll(given)),
    ...(stream !== undefined && { stream }),
    onProgress,
  };
  const report = await verifyAuditLog(directory, options).finally(() => output.progress(undefined));
  await showReport(report, output);
  return report.exitCode;
}

/** Verifies a proof file and shows the report. Resolves to the exit code. */
export async function verifyProof(file: string, given: GivenEvidence, output: Output): Promise<number> {
  const proof = parseProofFile(await readText(file, 'proof'), file);
  const report = verifyProofFile(proof, await readAll(given));
  await showProofReport(report, output);
  return report.exitCode;
}

async function readAll(
  given: GivenEvidence,
): Promise<Pick<VerifyAuditLogOptions, 'keys' | 'checkpoints' | 'witnesses'>> {
  const [keys, checkpoints, witnesses] = await Promise.all([
    readKeys(given.keys),
    readCheckpoints(given.checkpoints),
    readWitnesses(given.witnesses),
  ]);
  return { keys, checkpoints, witnesses };
}
