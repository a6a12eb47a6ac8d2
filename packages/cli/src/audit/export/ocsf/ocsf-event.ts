import type { AuditRecord, JsonObject } from '@sallyport/core';
import { textAt } from '../../record-facts.ts';
import { authenticationEvent } from './authentication-event.ts';
import { callEvent } from './call-event.ts';

/**
 * A record, with the one that ended its attempt, as an event of OCSF 1.8: calls and refusals as API Activity (6003), authentication
 * failures and sessions as Authentication (3002). `undefined` for records that are neither, such as those about the log itself.
 *
 * What OCSF has no attribute for stands in `unmapped`. Reads nothing but texts and numbers out of the record: it may hold anything.
 */
export function ocsfEvent(record: AuditRecord, end?: AuditRecord): JsonObject | undefined {
  switch (kindOf(record)) {
    case 'call':
      return callEvent(record, end);
    case 'authentication':
      return authenticationEvent(record);
    case undefined:
      return undefined;
  }
}

function kindOf(record: AuditRecord): 'call' | 'authentication' | undefined {
  const type = record.type === 'audit.aggregated' ? textAt(record, 'detail', 'of') : record.type;
  switch (type) {
    case 'mcp.decision':
    case 'request.refused':
    case 'stream.opened':
      return 'call';
    case 'auth.failure':
    case 'session.created':
    case 'session.ended':
      return 'authentication';
    default:
      return undefined;
  }
}
