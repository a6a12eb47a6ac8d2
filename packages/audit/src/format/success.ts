import { textAt, wouldDeny, type AuditRecord } from '@sallyport/core';
import { outcomeOf } from './summary.ts';

/**
 * Whether what a record is about came off: `failure` for a refusal and for a call that ended badly, `success` for one that ended well,
 * `unknown` for a call that has not ended, `undefined` for records that are about no attempt.
 */
export function successOf(
  record: AuditRecord,
  end: AuditRecord | undefined,
): 'success' | 'failure' | 'unknown' | undefined {
  const outcome = outcomeOf(end);
  if (outcome !== undefined) return outcome === 'ok' || outcome === 'ended' ? 'success' : 'failure';
  const effect = textAt(record, 'decision', 'effect');
  if (effect === undefined) return undefined;
  return effect === 'deny' && !wouldDeny(record) ? 'failure' : 'unknown';
}
