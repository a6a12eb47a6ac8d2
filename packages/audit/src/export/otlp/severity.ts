import type { AuditRecord } from '@sallyport/core';

/** Severity as OpenTelemetry numbers it. */
export interface Severity {
  readonly severityNumber: number;
  readonly severityText: string;
}

const info: Severity = { severityNumber: 9, severityText: 'INFO' };
const warn: Severity = { severityNumber: 13, severityText: 'WARN' };
const error: Severity = { severityNumber: 17, severityText: 'ERROR' };

const byType: ReadonlyMap<string, Severity> = new Map([
  ['audit.gap', error],
  ['auth.failure', warn],
  ['request.refused', warn],
  ['audit.aggregated', warn],
]);

const badOutcomes: ReadonlySet<string> = new Set(['error', 'rejected', 'aborted']);

/** `ERROR` when records were lost, `WARN` for what was refused or failed, `INFO` for everything else. */
export function severityOf({ type, decision, outcome }: AuditRecord): Severity {
  const known = byType.get(type);
  if (known !== undefined) return known;
  if (decision?.effect === 'deny') return warn;
  return outcome !== undefined && badOutcomes.has(outcome.status) ? warn : info;
}
