import type { VerifyReport } from '@sallyport/audit';
import type { LogDamage } from '../log-findings.ts';
import type { ReportFigures } from './figures/report-figures.ts';

/** A checkpoint that the report rests on, with its text. */
export interface ReportCheckpoint {
  readonly stream: string;
  readonly source: string;
  /** Whether it was held outside and handed in. */
  readonly external: boolean;
  readonly origin: string;
  readonly size: number;
  /** Base64. */
  readonly root: string;
  readonly result: 'matched' | 'mismatched' | 'unchecked';
  /** Verifier keys whose signatures hold. */
  readonly signers: readonly string[];
  /** The signed note. Absent when the file holds another one by now, as that of a log that is being written does. */
  readonly note?: string;
}

/** All that a report says. The page shows it, and `--json` prints it. */
export interface AuditReport {
  readonly title: string;
  /** UTC, RFC 3339. */
  readonly madeAt: string;
  readonly madeBy: { readonly user: string; readonly host: string };
  /** Name and version of the command. */
  readonly madeWith: string;
  /** Directory as it was named. */
  readonly directory: string;
  /** Origins of the checkpoints: the server and its streams. */
  readonly origins: readonly string[];
  /** What was asked for. */
  readonly asked: { readonly since?: string; readonly until?: string; readonly stream?: string };
  readonly figures: ReportFigures;
  /** Records that were read for the figures, before `asked` selected from them. */
  readonly read: number;
  /** What could not be read for the figures, or is missing from them. */
  readonly unread: LogDamage;
  readonly verification: VerifyReport;
  readonly given: { readonly keys: number; readonly checkpoints: number; readonly witnesses: number };
  readonly checkpoints: readonly ReportCheckpoint[];
}

/** The exit code of verification; 2 also where it refutes nothing and not all could be read for the figures. */
export function standingOf({
  verification,
  unread,
}: Pick<AuditReport, 'verification' | 'unread'>): VerifyReport['exitCode'] {
  const { exitCode } = verification;
  return exitCode !== 1 && unread.count > 0 ? 2 : exitCode;
}
