import { textAt, wouldDeny, type AuditRecord } from '@sallyport/core';

/** What ECS calls an event, in its own words: `event.category` and `event.type`. */
export interface EventKind {
  readonly category: readonly string[];
  readonly type: readonly string[];
}

const kinds: ReadonlyMap<string, EventKind> = new Map([
  ['mcp.outcome', { category: ['api'], type: ['end'] }],
  ['request.refused', { category: ['api'], type: ['denied'] }],
  ['auth.failure', { category: ['authentication'], type: ['start'] }],
  ['stream.opened', { category: ['api'], type: ['start'] }],
  ['stream.closed', { category: ['api'], type: ['end'] }],
  ['session.created', { category: ['session'], type: ['start'] }],
  ['session.ended', { category: ['session'], type: ['end'] }],
  ['token.revoked', { category: ['iam'], type: ['change'] }],
  ['config.loaded', { category: ['configuration'], type: ['info'] }],
  ['audit.started', { category: ['process'], type: ['start'] }],
  ['audit.stopped', { category: ['process'], type: ['end'] }],
  ['audit.rotated', { category: ['file'], type: ['change'] }],
  ['audit.key_rotated', { category: ['configuration'], type: ['change'] }],
  ['audit.checkpoint', { category: ['file'], type: ['info'] }],
  ['audit.gap', { category: ['host'], type: ['info'] }],
  ['audit.read', { category: ['file'], type: ['access'] }],
  ['audit.exported', { category: ['file'], type: ['access'] }],
]);

/** A record of a type that is not known here is of no category. */
const unknown: EventKind = { category: [], type: ['info'] };

export function eventKind(record: AuditRecord, end: AuditRecord | undefined): EventKind {
  const type = record.type === 'audit.aggregated' ? textAt(record, 'detail', 'of') : record.type;
  if (type !== 'mcp.decision') return kinds.get(type ?? '') ?? unknown;
  const denied = textAt(record, 'decision', 'effect') === 'deny' && !wouldDeny(record);
  const verdict = denied ? 'denied' : 'allowed';
  return { category: ['api'], type: denied || end !== undefined ? ['access', verdict] : ['start', verdict] };
}
