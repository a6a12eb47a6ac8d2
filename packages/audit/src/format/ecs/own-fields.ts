import { textAt, textsAt, valueAt, type AuditRecord, type JsonObject, type JsonValue } from '@sallyport/core';
import { numberAt, set, some } from '../members.ts';

/** What ECS has no field for. Each name has one type, whatever the record holds. */
export function ownFields(record: AuditRecord, ended: AuditRecord | undefined): JsonObject {
  const text = (...path: readonly string[]): string | undefined => textAt(record, ...path);
  return set({
    call: text('call'),
    boot: text('boot'),
    mono_ns: text('monoNs'),
    actor: some({
      issuer: text('actor', 'iss'),
      client_id: text('actor', 'clientId'),
      proof: text('actor', 'proof'),
      act: jsonText(record, 'actor', 'act'),
    }),
    token: some({ id: text('token', 'jti'), scopes: texts(record, 'token', 'scopes') }),
    mcp: some({
      method: text('mcp', 'method'),
      request_id: text('mcp', 'requestId'),
      protocol_version: text('mcp', 'protocolVersion'),
      era: text('mcp', 'era'),
      client: text('mcp', 'client'),
    }),
    target: some({ kind: text('target', 'kind'), name: text('target', 'name') }),
    decision: some({
      effect: text('decision', 'effect'),
      reason: text('decision', 'reason'),
      enforced: valueAt(record, 'decision', 'enforced') === false ? false : undefined,
      required_scopes: texts(record, 'decision', 'requiredScopes'),
      missing_scopes: texts(record, 'decision', 'missingScopes'),
    }),
    outcome: ended === undefined ? undefined : outcomeFields(record, ended),
    arguments: jsonText(record, 'arguments'),
    redaction: jsonText(record, 'redaction'),
    revocation: jsonText(record, 'revocation'),
    detail: jsonText(record, 'detail'),
    count: numberAt(record, 'detail', 'count'),
  });
}

function outcomeFields(record: AuditRecord, ended: AuditRecord): JsonObject | undefined {
  return some({
    status: textAt(ended, 'outcome', 'status'),
    duration_ms: numberAt(ended, 'outcome', 'durationMs'),
    messages: numberAt(ended, 'outcome', 'messages'),
    result: jsonText(ended, 'result'),
    ...(ended !== record && { id: ended.id, sequence: ended.seq }),
  });
}

function texts(record: AuditRecord, ...path: readonly string[]): readonly JsonValue[] | undefined {
  const list = textsAt(record, ...path);
  return list.length === 0 ? undefined : list;
}

function jsonText(record: AuditRecord, ...path: readonly string[]): string | undefined {
  const value = valueAt(record, ...path);
  return value === undefined || (Array.isArray(value) && value.length === 0) ? undefined : JSON.stringify(value);
}
