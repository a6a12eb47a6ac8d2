import { type AuditRecord, textAt, textsAt, valueAt } from '@sallyport/core';
import { printableCell, printableJson } from '../../terminal/printable.ts';

/** The columns, and where their values stand in a record. */
const columns: readonly (readonly [name: string, value: (record: AuditRecord) => string | undefined])[] = [
  ['time', (record) => textAt(record, 'at')],
  ['stream', (record) => textAt(record, 'stream')],
  ['seq', (record) => textAt(record, 'seq')],
  ['type', (record) => textAt(record, 'type')],
  ['call', (record) => textAt(record, 'call')],
  ['subject', (record) => textAt(record, 'actor', 'sub') ?? textAt(record, 'revocation', 'sub')],
  ['issuer', (record) => textAt(record, 'actor', 'iss') ?? textAt(record, 'revocation', 'iss')],
  ['client_id', (record) => textAt(record, 'actor', 'clientId')],
  ['tenant', (record) => textAt(record, 'actor', 'tenant')],
  ['method', (record) => textAt(record, 'mcp', 'method')],
  ['target_kind', (record) => textAt(record, 'target', 'kind')],
  ['target', (record) => textAt(record, 'target', 'name')],
  ['effect', (record) => textAt(record, 'decision', 'effect')],
  ['reason', (record) => textAt(record, 'decision', 'reason')],
  ['rule', (record) => textAt(record, 'decision', 'rule')],
  ['required_scopes', (record) => textsAt(record, 'decision', 'requiredScopes').join(' ')],
  ['missing_scopes', (record) => textsAt(record, 'decision', 'missingScopes').join(' ')],
  ['outcome', (record) => textAt(record, 'outcome', 'status')],
  ['http_status', (record) => textAt(record, 'outcome', 'httpStatus') ?? textAt(record, 'decision', 'httpStatus')],
  ['duration_ms', (record) => textAt(record, 'outcome', 'durationMs')],
  ['bytes', (record) => textAt(record, 'outcome', 'bytes')],
  ['ip', (record) => textAt(record, 'source', 'ip')],
  ['user_agent', (record) => textAt(record, 'source', 'userAgent')],
  ['trace_id', (record) => textAt(record, 'trace', 'traceId')],
  ['arguments', (record) => json(record, 'arguments')],
  ['detail', (record) => json(record, 'detail')],
  ['id', (record) => textAt(record, 'id')],
];

/** The first line. Lines end with CRLF (RFC 4180 §2). */
export const csvHeader: string = `${columns.map(([name]) => name).join(',')}\r\n`;

/** The line of a record. */
export function csvLine(record: AuditRecord): string {
  return `${columns.map(([, value]) => csvField(value(record) ?? '')).join(',')}\r\n`;
}

/** What a spreadsheet takes for the beginning of a formula, the full-width forms too; tab and line ends lead to one. */
const formula = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;
const special = /[",\r\n\t;]|^ | $/;

/**
 * A value as one field (RFC 4180 §2): quoted where it must be, with quotes doubled. A value that a spreadsheet would take for a formula
 * gets an apostrophe before it: what a caller wrote must not run on the machine of who reads it. What a terminal would act on is
 * written as `\u{…}`.
 */
export function csvField(value: string): string {
  const shown = printableCell(value);
  const safe = formula.test(shown) ? `'${shown}` : shown;
  return special.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function json(record: AuditRecord, name: string): string | undefined {
  const value = valueAt(record, name);
  return value === undefined ? undefined : printableJson(value);
}
