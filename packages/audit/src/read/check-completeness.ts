import {
  noCounts,
  type CompletenessFinding,
  type CompletenessReport,
  type StreamCompleteness,
} from './completeness-report.ts';
import { readAuditLog, type ReadAuditLogOptions } from './read-audit-log.ts';
import { StreamCheck } from './stream-check.ts';

const maxFindings = 1000;

/**
 * Says whether an audit log is complete: gapless sequence numbers, an outcome for every allow, no line that is not a record, time
 * that runs forward. Reads the whole log in bounded memory and changes nothing.
 *
 * It does not show that nobody rewrote the log: whoever can write the files can write complete ones.
 *
 * @throws SetupError `ERR_AUDIT_DIRECTORY` when the directory can not be read.
 */
export async function checkCompleteness(
  directory: string,
  options: ReadAuditLogOptions = {},
): Promise<CompletenessReport> {
  const findings: CompletenessFinding[] = [];
  const streams: StreamCompleteness[] = [];
  let omittedFindings = 0;
  const report = (finding: CompletenessFinding): void => {
    if (findings.length < maxFindings) findings.push(finding);
    else omittedFindings += 1;
  };
  let check: StreamCheck | undefined;
  for await (const item of readAuditLog(directory, options)) {
    if (check?.stream !== item.stream) {
      if (check !== undefined) streams.push(check.finish());
      check = new StreamCheck(item.stream, report);
    }
    check.see(item);
  }
  if (check !== undefined) streams.push(check.finish());
  const sum = noCounts();
  for (const stream of streams) {
    for (const name of Object.keys(sum) as (keyof typeof sum)[]) sum[name] += stream[name];
  }
  return { complete: findings.length === 0, ...sum, streams, findings, omittedFindings };
}
