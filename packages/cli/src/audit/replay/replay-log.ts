import { scanAuditLog } from '@sallyport/audit';
import type { Card } from '@sallyport/card';
import type { Output } from '../../terminal/output.ts';
import { createProgress } from '../../terminal/progress.ts';
import { createLogFindings } from '../log-findings.ts';
import type { ReadingResult } from '../reading/record-reading.ts';
import type { RecordFilter } from '../record-filter.ts';
import { createScanTask } from './replay-task.ts';
import { createReplayTally, mergeTallies, type ReplayTally } from './replay-tally.ts';
import { showReplay } from './show-replay.ts';

export interface ReplayLogOptions {
  readonly card: Card;
  readonly filter: RecordFilter;
  /** Rows of the table, at most. */
  readonly limit?: number | undefined;
  /** Whether a change is a failure. */
  readonly expectNoChange: boolean;
}

/**
 * Decides the calls of a log again under another card and shows what would change. The exit code is 1 for a damaged log and where a
 * change was not expected, 3 where none was and some calls can not be replayed.
 *
 * @throws SetupError `ERR_AUDIT_DIRECTORY` when the directory can not be read or holds no log.
 */
export async function replayLog(directory: string, options: ReplayLogOptions, output: Output): Promise<ReadingResult> {
  const { card, filter, limit, expectNoChange } = options;
  const { stream } = filter;
  const findings = createLogFindings();
  const tally = createReplayTally();
  const progress = createProgress(output, 'replaying');
  const scan = scanAuditLog(directory, {
    create: createScanTask,
    module: new URL(`./replay-task${import.meta.url.slice(-3)}`, import.meta.url).href,
    data: { card, filter },
    ...(stream !== undefined && { stream }),
  });
  let more = 0;
  try {
    for await (const piece of scan) {
      for (const finding of piece.findings) findings.see(finding);
      more += piece.omittedFindings;
      if (piece.result !== undefined) mergeTallies(tally, piece.result);
      progress.step(piece.doneBytes, piece.allBytes);
    }
  } finally {
    progress.finish();
  }
  await showReplay(tally, { limit }, output);
  const damaged = findings.report(directory, output);
  if (more > 0) output.warning(`${more} more damaged lines`);
  const { decisions, newlyDenied, newlyAllowed, unknown } = tally;
  const exitCode = damaged ? 1 : expectNoChange ? changeCode(tally) : 0;
  return { exitCode, facts: { decisions, newlyDenied, newlyAllowed, unknown } };
}

function changeCode({ newlyDenied, newlyAllowed, unknown }: ReplayTally): number {
  if (newlyDenied + newlyAllowed > 0) return 1;
  return unknown > 0 ? 3 : 0;
}
