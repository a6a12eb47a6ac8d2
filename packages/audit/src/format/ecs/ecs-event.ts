import { isIP } from 'node:net';
import { endsAttempt, textAt, whyDenied, type AuditRecord, type JsonObject, type JsonValue } from '@sallyport/core';
import { numberAt, set, some, timeOf } from '../members.ts';
import { successOf } from '../success.ts';
import { outcomeOf, summaryOf } from '../summary.ts';
import { eventKind } from './event-kind.ts';
import { ownFields } from './own-fields.ts';

/** Version of the Elastic Common Schema that the events follow. */
const version = '9.4.0';

/**
 * A record as an event of the Elastic Common Schema 9.4, with nested fields. `end`, the record that ended the attempt, makes one event
 * of the two; without it each is an event of its own, joined by `sallyport.call`.
 *
 * What ECS has no field for stands under `sallyport`, with fixed names and types; what a caller shaped (arguments, results, details) is
 * JSON as one text there, so that callers can not make fields in an index. Reads nothing but texts and numbers out of the record:
 * it may hold anything.
 */
export function ecsEvent(record: AuditRecord, end?: AuditRecord): JsonObject {
  const ended = endsAttempt(record) ? record : end;
  const status = ended === undefined ? undefined : numberAt(ended, 'outcome', 'httpStatus');
  const tool = textAt(record, 'target', 'kind') === 'tool' ? textAt(record, 'target', 'name') : undefined;
  const operation = textAt(record, 'mcp', 'method') === 'tools/call' ? 'execute_tool' : undefined;
  return {
    '@timestamp': isoTime(record.at) ?? new Date(0).toISOString(),
    message: summaryOf(record, end),
    ecs: { version },
    event: eventFacts(record, ended),
    service: { name: 'sallyport', type: 'sallyport', node: { name: record.stream } },
    labels: { audit_stream: record.stream, ...set({ audit_call: textAt(record, 'call') }) },
    ...set({
      user: some({ id: textAt(record, 'actor', 'sub') }),
      ...addresses(record),
      user_agent: some({ original: textAt(record, 'source', 'userAgent') }),
      organization: some({ id: textAt(record, 'actor', 'tenant') }),
      http: some({
        response: some({
          status_code: wholeNumber(status ?? numberAt(record, 'decision', 'httpStatus')),
          body: some({ bytes: wholeNumber(ended === undefined ? undefined : numberAt(ended, 'outcome', 'bytes')) }),
        }),
      }),
      rule: some({ name: textAt(record, 'decision', 'rule'), ruleset: textAt(record, 'decision', 'policy') }),
      gen_ai: some({ operation: some({ name: operation }), tool: some({ name: tool }) }),
      trace: some({ id: textAt(record, 'trace', 'traceId') }),
      span: some({ id: textAt(record, 'trace', 'spanId') }),
    }),
    sallyport: ownFields(record, ended),
  };
}

function eventFacts(record: AuditRecord, ended: AuditRecord | undefined): JsonObject {
  const { category, type } = eventKind(record, ended);
  const durationMs = ended === undefined ? undefined : numberAt(ended, 'outcome', 'durationMs');
  const aggregated = record.type === 'audit.aggregated';
  const joined = ended !== undefined && ended !== record;
  const refused = textAt(record, 'decision', 'effect') === 'deny';
  return {
    kind: 'event',
    ...(category.length > 0 && { category: [...category] }),
    type: [...type],
    id: record.id,
    code: record.type,
    action: textAt(record, 'mcp', 'method') ?? record.type,
    provider: 'sallyport',
    module: 'sallyport',
    dataset: 'sallyport.audit',
    sequence: record.seq,
    ...set({
      outcome: successOf(record, ended),
      reason: refused ? whyDenied(record) : outcomeOf(ended),
      duration: wholeNumber(durationMs === undefined ? undefined : durationMs * 1_000_000),
      start: isoTime(aggregated ? textAt(record, 'detail', 'firstAt') : joined ? record.at : undefined),
      end: isoTime(aggregated ? textAt(record, 'detail', 'lastAt') : ended?.at),
    }),
  };
}

/** Where the caller is; of counted refusals the network they came from. */
function addresses(record: AuditRecord): Readonly<Record<string, JsonValue | undefined>> {
  const address = textAt(record, 'source', 'ip') ?? textAt(record, 'detail', 'network');
  const ip = address === undefined || isIP(address) === 0 ? undefined : address;
  const user = textAt(record, 'actor', 'sub');
  return {
    source: some({ address, ip }),
    related: some({ ip: ip === undefined ? undefined : [ip], user: user === undefined ? undefined : [user] }),
  };
}

function isoTime(text: string | undefined): string | undefined {
  const ms = timeOf(text);
  return ms === undefined ? undefined : new Date(ms).toISOString();
}

/** For fields of the type `long`. */
function wholeNumber(value: number | undefined): number | undefined {
  const whole = value === undefined ? Number.NaN : Math.round(value);
  return Number.isSafeInteger(whole) ? whole : undefined;
}
