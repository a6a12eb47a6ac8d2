import type { JsonValue } from '@sallyport/core';
import { countOf } from '../count-of.ts';
import { textOf, textsOf, type RecordParts } from './record-parts.ts';

/** How the values of a column are kept in a table. */
export type ColumnType = 'VARCHAR' | 'TIMESTAMP' | 'BIGINT' | 'INTEGER' | 'DOUBLE' | 'BOOLEAN' | 'VARCHAR[]';

/** A value of a column; of a list its entries. */
export type ColumnValue = string | number | boolean | readonly string[];

/** A column of the tables that are made of a log. */
export interface RecordColumn {
  readonly name: string;
  readonly type: ColumnType;
  /** Its value in a record; `undefined` when the record says nothing of it, or something of another type. */
  readonly value: (parts: RecordParts) => ColumnValue | undefined;
  /** True for what the record that ends a call says of it. */
  readonly ofEnd?: true;
}

/** The columns, in their order: the same in SQL, in Parquet and in the lines of `audit query --json`. */
export const recordColumns: readonly RecordColumn[] = [
  text('id', ({ record }) => record.id),
  text('type', ({ record }) => record.type),
  { name: 'time', type: 'TIMESTAMP', value: timeOf },
  text('stream', ({ record }) => record.stream),
  { name: 'seq', type: 'BIGINT', value: ({ record }) => wholeNumber(record.seq) },
  text('call', ({ record }) => record.call),
  text('issuer', ({ actor, revocation }) => textOf(actor['iss']) ?? revocation['iss']),
  text('subject', ({ actor, revocation }) => textOf(actor['sub']) ?? revocation['sub']),
  text('client_id', ({ actor }) => actor['clientId']),
  text('tenant', ({ actor }) => actor['tenant']),
  text('method', ({ mcp }) => mcp['method']),
  text('tool', ({ target }) => (target['kind'] === 'tool' ? target['name'] : undefined)),
  text('target_kind', ({ target }) => target['kind']),
  text('target', ({ target }) => target['name']),
  text('effect', ({ decision }) => decision['effect']),
  { name: 'enforced', type: 'BOOLEAN', value: enforcedOf },
  text('reason', ({ decision }) => decision['reason']),
  text('rule', ({ decision }) => decision['rule']),
  text('policy', ({ decision }) => decision['policy']),
  list('scopes', ({ token }) => token['scopes']),
  list('required_scopes', ({ decision }) => decision['requiredScopes']),
  list('missing_scopes', ({ decision }) => decision['missingScopes']),
  { ...text('outcome', ({ outcome }) => outcome['status']), ofEnd: true },
  { name: 'http_status', type: 'INTEGER', value: statusOf, ofEnd: true },
  { name: 'duration_ms', type: 'DOUBLE', value: durationOf, ofEnd: true },
  { name: 'bytes', type: 'BIGINT', value: ({ outcome }) => wholeNumber(outcome['bytes']), ofEnd: true },
  text('ip', ({ source }) => source['ip']),
  text('user_agent', ({ source }) => source['userAgent']),
  text('trace_id', ({ trace }) => trace['traceId']),
  { name: 'count', type: 'BIGINT', value: ({ record }) => countOf(record) },
];

function text(name: string, valueOf: (parts: RecordParts) => JsonValue | undefined): RecordColumn {
  return { name, type: 'VARCHAR', value: (parts) => textOf(valueOf(parts)) };
}

function list(name: string, valueOf: (parts: RecordParts) => JsonValue | undefined): RecordColumn {
  return { name, type: 'VARCHAR[]', value: (parts) => textsOf(valueOf(parts)) };
}

function statusOf({ outcome, decision }: RecordParts): number | undefined {
  const status = wholeNumber(outcome['httpStatus'] ?? decision['httpStatus']);
  return status !== undefined && Math.abs(status) < 2 ** 31 ? status : undefined;
}

function durationOf({ outcome }: RecordParts): number | undefined {
  const { durationMs } = outcome;
  return typeof durationMs === 'number' && Number.isFinite(durationMs) ? durationMs : undefined;
}

/** Of a decision: whether it was enforced, which a record says only when it was not. */
function enforcedOf({ decision }: RecordParts): boolean | undefined {
  return decision['effect'] === undefined ? undefined : decision['enforced'] !== false;
}

const time = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z$/;

/** A time as a writer writes it; whoever changed the file may have written anything else. */
function timeOf({ record: { at } }: RecordParts): string | undefined {
  return time.test(at) && !Number.isNaN(Date.parse(at)) ? at : undefined;
}

function wholeNumber(value: JsonValue | undefined): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : undefined;
}
