import type { VerifyMeasurement } from '../verify/run-verify.ts';
import { formatTable } from './format-table.ts';
import { median } from './statistics.ts';

/** What one core must reach: one of the two, since records differ in size. */
const verifyLimits = {
  recordsPerSecond: 200_000,
  megabytesPerSecond: 300,
};

/** How fast a log is verified, by the time of the processor: other programs do not count. */
export function formatVerify({ rounds, void: reason }: VerifyMeasurement): string {
  const title = 'audit verify, one core';
  if (reason !== undefined) return `${title}: void, ${reason}`;
  const perSecond = (of: 'records' | 'bytes', time: 'cpuMs' | 'wallMs'): number =>
    median(rounds.map((round) => (round[of] / round[time]) * 1000));
  const records = perSecond('records', 'cpuMs');
  const megabytes = perSecond('bytes', 'cpuMs') / 1e6;
  const { recordsPerSecond, megabytesPerSecond } = verifyLimits;
  const under = records < recordsPerSecond && megabytes < megabytesPerSecond;
  const bytesPerRecord = (rounds[0]?.bytes ?? 0) / (rounds[0]?.records ?? 1);
  const header = [title, 'records', 'bytes each', 'records/s', 'MB/s', 'records/s by the clock', 'at least', ''];
  const line = [
    '',
    String(rounds[0]?.records ?? 0),
    String(Math.round(bytesPerRecord)),
    String(Math.round(records)),
    String(Math.round(megabytes)),
    String(Math.round(perSecond('records', 'wallMs'))),
    `${recordsPerSecond} records/s or ${megabytesPerSecond} MB/s`,
    under ? 'under' : '',
  ];
  return formatTable([header, line], [1, 2, 3, 4, 5]);
}
