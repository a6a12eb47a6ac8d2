import { isIP } from 'node:net';
import { textAt, textsAt, valueAt, type AuditRecord, type JsonObject } from '@sallyport/core';
import { numberAt, set, timeOf } from '../members.ts';

/** Version of the schema the events follow. */
const version = '1.8.0';
export const denied: JsonObject = { action_id: 2, action: 'Denied', disposition_id: 2, disposition: 'Blocked' };
export const allowed: JsonObject = { action_id: 1, action: 'Allowed', disposition_id: 1, disposition: 'Allowed' };
export const success: JsonObject = { status_id: 1, status: 'Success' };
export const failure: JsonObject = { status_id: 2, status: 'Failure' };
export const informational: JsonObject = { severity_id: 1, severity: 'Informational' };
export const low: JsonObject = { severity_id: 2, severity: 'Low' };
export const high: JsonObject = { severity_id: 4, severity: 'High' };

/** What every event has. `profiles`: those whose attributes it may have. */
export function commonFacts(
  record: AuditRecord,
  profiles: readonly string[] = ['security_control', 'trace'],
): JsonObject {
  const first = textAt(record, 'detail', 'firstAt');
  const last = textAt(record, 'detail', 'lastAt');
  const aggregated = record.type === 'audit.aggregated';
  return {
    time: timeOf(record.at) ?? 0,
    metadata: {
      version,
      product: { name: 'Sallyport', vendor_name: 'Sallyport' },
      ...(profiles.length > 0 && { profiles: [...profiles] }),
      uid: record.id,
      event_code: record.type,
      log_name: record.stream,
      sequence: record.seq,
      original_time: record.at,
      ...set({ correlation_uid: textAt(record, 'call'), tenant_uid: textAt(record, 'actor', 'tenant') }),
    },
    src_endpoint: endpointOf(record),
    ...(aggregated && {
      ...set({ count: numberAt(record, 'detail', 'count') }),
      ...set({ start_time: timeOf(first), end_time: timeOf(last) }),
    }),
  };
}

function endpointOf(record: AuditRecord): JsonObject {
  const ip = textAt(record, 'source', 'ip');
  if (ip === undefined) return { name: textAt(record, 'detail', 'network') ?? 'unknown' };
  return isIP(ip) === 0 ? { name: ip } : { ip };
}

/** The caller; who has shown no token is anonymous. */
export function userOf(record: AuditRecord): JsonObject {
  const subject = textAt(record, 'actor', 'sub');
  if (subject === undefined) return { name: 'anonymous', type_id: 0, type: 'Unknown' };
  return { uid: subject, ...set({ domain: textAt(record, 'actor', 'iss') }) };
}

/** What OCSF has no attribute for. */
export function unmappedOf(record: AuditRecord, end: AuditRecord | undefined): JsonObject {
  const required = textsAt(record, 'decision', 'requiredScopes');
  const missing = textsAt(record, 'decision', 'missingScopes');
  const outcome = end === undefined ? undefined : textAt(end, 'outcome', 'status');
  return {
    ...set({
      boot: textAt(record, 'boot'),
      span_id: textAt(record, 'trace', 'spanId'),
      era: textAt(record, 'mcp', 'era'),
    }),
    ...set({ client: textAt(record, 'mcp', 'client'), proof: textAt(record, 'actor', 'proof') }),
    ...(required.length > 0 && { required_scopes: [...required] }),
    ...(missing.length > 0 && { missing_scopes: [...missing] }),
    ...(end !== undefined && { outcome_uid: end.id, outcome_sequence: end.seq, ...set({ outcome }) }),
    ...set({ bytes: end === undefined ? undefined : numberAt(end, 'outcome', 'bytes') }),
    ...set({ redaction: valueAt(record, 'redaction'), detail: valueAt(record, 'detail') }),
  };
}
