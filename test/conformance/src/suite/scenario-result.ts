export type CheckStatus = 'SUCCESS' | 'FAILURE' | 'WARNING' | 'SKIPPED' | 'INFO';

/** One thing the suite looked at. */
export interface Check {
  readonly id: string;
  readonly name: string;
  readonly status: CheckStatus;
  readonly errorMessage?: string;
  /** What was sent or answered, as the scenario chose to keep it. */
  readonly details?: unknown;
}

export interface ScenarioResult {
  readonly scenario: string;
  readonly checks: readonly Check[];
}

/** Whether a check says that something is wrong. The suite counts warnings too when it is given expected failures. */
export function isFailed(check: Check): boolean {
  return check.status === 'FAILURE' || check.status === 'WARNING';
}

/** What the scenario kept of the exchange, shortened to fit a report. */
export function describeSeen(check: Check | undefined): string {
  return check?.details === undefined ? '' : `\n      seen: ${JSON.stringify(check.details).slice(0, 1000)}`;
}
