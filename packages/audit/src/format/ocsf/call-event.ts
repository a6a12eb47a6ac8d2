import { textAt, valueAt, type AuditRecord, type JsonObject } from '@sallyport/core';
import { numberAt, set } from '../members.ts';
import {
  allowed,
  commonFacts,
  denied,
  failure,
  informational,
  low,
  success,
  unmappedOf,
  userOf,
} from './common-facts.ts';

const apiActivity = {
  class_uid: 6003,
  class_name: 'API Activity',
  category_uid: 6,
  category_name: 'Application Activity',
};

/** A call, with how it ended, as API Activity (6003). */
export function callEvent(record: AuditRecord, end: AuditRecord | undefined): JsonObject {
  const operation = textAt(record, 'mcp', 'method') ?? (record.type === 'stream.opened' ? 'GET' : 'unknown');
  const refused = textAt(record, 'decision', 'effect') === 'deny';
  const outcome = end === undefined ? undefined : textAt(end, 'outcome', 'status');
  const reason = textAt(record, 'decision', 'reason');
  const code = numberAt(end ?? record, 'outcome', 'httpStatus') ?? numberAt(record, 'decision', 'httpStatus');
  const activity = activityOf(operation);
  const status = refused ? failure : outcome === undefined ? undefined : outcome === 'ok' ? success : failure;
  const target = textAt(record, 'target', 'name');
  const ended = end === undefined ? undefined : Date.parse(end.at);
  return {
    ...apiActivity,
    ...activity,
    type_uid: apiActivity.class_uid * 100 + activity.activity_id,
    type_name: `${apiActivity.class_name}: ${activity.activity_name}`,
    ...commonFacts(record),
    ...(refused || (outcome !== undefined && outcome !== 'ok') ? low : informational),
    ...(refused ? denied : allowed),
    ...(status ?? { status_id: 0, status: 'Unknown' }),
    ...set({
      status_code: reason ?? outcome,
      end_time: ended === undefined || Number.isNaN(ended) ? undefined : ended,
    }),
    ...set({ duration: rounded(end === undefined ? undefined : numberAt(end, 'outcome', 'durationMs')) }),
    actor: actorOf(record),
    api: {
      operation,
      service: { name: textAt(record, 'stream') ?? '' },
      request: {
        uid: textAt(record, 'mcp', 'requestId') ?? textAt(record, 'call') ?? record.id,
        ...argumentsOf(record),
      },
      ...(code !== undefined && { response: { code, ...set({ error: refused ? reason : undefined }) } }),
      ...set({ version: textAt(record, 'mcp', 'protocolVersion') }),
    },
    ...(target !== undefined && { resources: [{ name: target, type: textAt(record, 'target', 'kind') ?? 'unknown' }] }),
    ...(textAt(record, 'source', 'userAgent') !== undefined && {
      http_request: { user_agent: textAt(record, 'source', 'userAgent') ?? '' },
    }),
    ...(code !== undefined && { http_response: { code } }),
    ...(textAt(record, 'trace', 'traceId') !== undefined && {
      trace: { uid: textAt(record, 'trace', 'traceId') ?? '' },
    }),
    unmapped: unmappedOf(record, end),
  };
}

function actorOf(record: AuditRecord): JsonObject {
  const rule = textAt(record, 'decision', 'rule');
  const effect = textAt(record, 'decision', 'effect');
  const issuer = textAt(record, 'actor', 'iss');
  const policy = set({ name: rule, uid: textAt(record, 'decision', 'policy') });
  return {
    user: userOf(record),
    ...set({ app_uid: textAt(record, 'actor', 'clientId') }),
    ...(issuer !== undefined && { idp: { name: issuer, issuer } }),
    ...(effect !== undefined && {
      authorizations: [{ decision: effect, ...(Object.keys(policy).length > 0 && { policy }) }],
    }),
  };
}

function activityOf(operation: string): { readonly activity_id: number; readonly activity_name: string } {
  const reads =
    operation === 'GET' || /^(?:resources|prompts)\/|\/(?:list|get|read)$|^server\/discover$|^ping$/.test(operation);
  return reads ? { activity_id: 2, activity_name: 'Read' } : { activity_id: 99, activity_name: 'Call' };
}

/** Hashed or in clear, as they are recorded. */
function argumentsOf(record: AuditRecord): JsonObject {
  const data = valueAt(record, 'arguments');
  return data === undefined ? {} : { data };
}

function rounded(value: number | undefined): number | undefined {
  return value === undefined ? undefined : Math.round(value);
}
