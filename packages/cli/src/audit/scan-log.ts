import { scanAuditLog, type ScannedPiece, type ScanWork } from '@sallyport/audit';
import { createProgress, type Progress } from '../terminal/progress.ts';
import type { Output } from '../terminal/output.ts';
import type { LogFindings } from './log-findings.ts';

export interface ScanLogOptions {
  readonly stream?: string | undefined;
  /** Told what is wrong with lines. */
  readonly findings: LogFindings;
  /** Shows how far it is. */
  readonly output: Output;
  /** What is being done. Default `reading`. */
  readonly label?: string;
}

/**
 * Scans a log with a task, in all threads that help, and shows how far it is. Resolves when it is known what there is to read.
 *
 * @throws SetupError `ERR_AUDIT_DIRECTORY` when the directory can not be read or holds no log.
 */
export async function scanLog<Data, Result>(
  directory: string,
  work: ScanWork<Data, Result>,
  { stream, findings, output, label = 'reading' }: ScanLogOptions,
): Promise<AsyncIterable<ScannedPiece<Result>>> {
  const pieces = scanAuditLog(directory, { ...work, ...(stream !== undefined && { stream }) });
  const first = await pieces.next();
  return seen(first, pieces, findings, createProgress(output, label));
}

async function* seen<Result>(
  first: IteratorResult<ScannedPiece<Result>, void>,
  pieces: AsyncGenerator<ScannedPiece<Result>, void, undefined>,
  findings: LogFindings,
  progress: Progress,
): AsyncGenerator<ScannedPiece<Result>, void, undefined> {
  try {
    for (let next = first; next.done !== true; next = await pieces.next()) {
      const piece = next.value;
      for (const finding of piece.findings) findings.see(finding);
      findings.skip(piece.omittedFindings);
      progress.step(piece.doneBytes, piece.allBytes);
      yield piece;
    }
  } finally {
    progress.finish();
    await pieces.return();
  }
}
