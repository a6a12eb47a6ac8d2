import { endsAttempt, textAt, type AuditRecord, type JsonObject } from '@sallyport/core';
import { authenticationEvent } from './authentication-event.ts';
import { otherEvent } from './base-event.ts';
import { callEvent } from './call-event.ts';

/**
 * A record as an event of OCSF 1.8: calls and refusals as API Activity (6003), authentication failures and sessions as Authentication
 * (3002), everything else as Base Event (0). `end`, the record that ended the attempt, makes one event of the two; without it each
 * is an event of its own, joined by `metadata.correlation_uid`.
 *
 * What OCSF has no attribute for stands in `unmapped`. Reads nothing but texts and numbers out of the record: it may hold anything.
 */
export function ocsfEvent(record: AuditRecord, end?: AuditRecord): JsonObject {
  switch (kindOf(record)) {
    case 'call':
      return callEvent(record, endsAttempt(record) ? record : end);
    case 'authentication':
      return authenticationEvent(record);
    case 'other':
      return otherEvent(record);
  }
}

function kindOf(record: AuditRecord): 'call' | 'authentication' | 'other' {
  const type = record.type === 'audit.aggregated' ? textAt(record, 'detail', 'of') : record.type;
  switch (type) {
    case 'mcp.decision':
    case 'mcp.outcome':
    case 'request.refused':
    case 'stream.opened':
    case 'stream.closed':
      return 'call';
    case 'auth.failure':
    case 'session.created':
    case 'session.ended':
      return 'authentication';
    default:
      return 'other';
  }
}
