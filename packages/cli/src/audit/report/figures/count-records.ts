import { scanAuditLog } from '@sallyport/audit';
import type { LogFindings } from '../../log-findings.ts';
import { createRecordFilter } from '../../attempt-filter.ts';
import { createFigures } from './collect-figures.ts';
import type { ReportFigures } from './report-figures.ts';

export interface CountRecordsOptions {
  readonly sinceMs?: number | undefined;
  readonly untilMs?: number | undefined;
  readonly stream?: string | undefined;
  /** Told what is wrong with lines, and what is missing. */
  readonly findings: LogFindings;
  readonly onProgress: (doneBytes: number, allBytes: number) => void;
}

/** Reads a log for the figures of its report. */
export async function countRecords(
  directory: string,
  { sinceMs, untilMs, stream, findings, onProgress }: CountRecordsOptions,
): Promise<{ readonly read: number; readonly figures: ReportFigures }> {
  const timed = sinceMs !== undefined || untilMs !== undefined;
  const matches = timed ? createRecordFilter({ sinceMs, untilMs }) : () => true;
  const figures = createFigures();
  let read = 0;
  const pieces = scanAuditLog(directory, {
    ...(stream !== undefined && { stream }),
    // One thread verifies meanwhile, and what is counted is kept here.
    threads: 0,
    module: import.meta.url,
    data: undefined,
    create: () => ({
      take(record) {
        read += 1;
        if (matches(record)) figures.see(record);
        return undefined;
      },
    }),
  });
  for await (const piece of pieces) {
    for (const finding of piece.findings) findings.see(finding);
    findings.skip(piece.omittedFindings);
    onProgress(piece.doneBytes, piece.allBytes);
  }
  return { read, figures: figures.finish() };
}
