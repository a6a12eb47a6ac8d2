import { isIP } from 'node:net';
import { endsAttempt, textAt, textsAt, whyDenied, type AuditRecord } from '@sallyport/core';
import { numberAt, timeOf } from '../members.ts';
import { ownVersion } from '../own-version.ts';
import { successOf } from '../success.ts';
import { outcomeOf, summaryOf } from '../summary.ts';
import { cefHeaderField, cefValue } from './cef-escape.ts';
import { cefSeverity } from './cef-severity.ts';

/** A key of the extension, its value, and how many characters it may have by the dictionary of CEF. */
type Fact = readonly [key: string, value: string | undefined, length: number];

let version: string | undefined;

/**
 * A record as one line of ArcSight Common Event Format 0, without a line end. `end`, the record that ended the attempt, makes one event of
 * the two; without it each is an event of its own, joined by `cs5`, the call.
 *
 * CEF has few places, so this is a summary: arguments, results and details are not in it. `externalId` leads back to the record.
 * Reads nothing but texts and numbers out of the record: it may hold anything.
 */
export function cefLine(record: AuditRecord, end?: AuditRecord): string {
  const ended = endsAttempt(record) ? record : end;
  version ??= ownVersion();
  const header = ['Sallyport', 'Sallyport', version, record.type, nameOf(record), cefSeverity(record, ended)];
  const facts = [...commonFacts(record, ended), ...customFacts(record, ended)];
  const extension = facts.flatMap(([key, value, length]) => {
    const text = value === undefined ? '' : cefValue(value, length);
    return text === '' ? [] : [`${key}=${text}`];
  });
  return `CEF:0|${header.map((field) => cefHeaderField(String(field))).join('|')}|${extension.join(' ')}`;
}

const names: ReadonlyMap<string, string> = new Map([
  ['mcp.outcome', 'MCP call ended'],
  ['auth.failure', 'Authentication failed'],
  ['request.refused', 'Request refused'],
  ['stream.opened', 'Stream opened'],
  ['stream.closed', 'Stream closed'],
  ['session.created', 'Session created'],
  ['session.ended', 'Session ended'],
  ['token.revoked', 'Tokens revoked'],
  ['audit.gap', 'Audit records lost'],
  ['audit.aggregated', 'Refusals counted'],
]);

function nameOf(record: AuditRecord): string {
  if (record.type !== 'mcp.decision') return names.get(record.type) ?? record.type;
  return textAt(record, 'decision', 'effect') === 'deny' ? 'MCP call denied' : 'MCP call allowed';
}

function commonFacts(record: AuditRecord, ended: AuditRecord | undefined): readonly Fact[] {
  const text = (...path: readonly string[]): string | undefined => textAt(record, ...path);
  const aggregated = record.type === 'audit.aggregated';
  const joined = ended !== undefined && ended !== record;
  const refused = text('decision', 'effect') === 'deny';
  const ip = text('source', 'ip');
  return [
    ['rt', millis(record.at), 32],
    ['start', millis(aggregated ? text('detail', 'firstAt') : joined ? record.at : undefined), 32],
    ['end', millis(aggregated ? text('detail', 'lastAt') : joined ? ended.at : undefined), 32],
    ['externalId', record.id, 40],
    ['deviceExternalId', record.stream, 255],
    ['app', text('mcp', 'method') === undefined ? undefined : 'MCP', 31],
    ['act', text('decision', 'effect'), 63],
    ['outcome', successOf(record, ended), 63],
    ['reason', refused ? whyDenied(record) : outcomeOf(ended), 1023],
    ['suser', text('actor', 'sub') ?? text('revocation', 'sub'), 1023],
    ['src', isIP(ip ?? '') === 4 ? ip : undefined, 15],
    ['shost', isIP(ip ?? '') === 0 ? (ip ?? text('detail', 'network')) : undefined, 1023],
    ['requestMethod', text('mcp', 'method'), 1023],
    ['request', text('target', 'kind') === 'resource' ? text('target', 'name') : undefined, 1023],
    ['requestClientApplication', text('source', 'userAgent'), 1023],
    ['out', whole(ended === undefined ? undefined : numberAt(ended, 'outcome', 'bytes')), 20],
    ['cnt', whole(aggregated ? numberAt(record, 'detail', 'count') : undefined), 20],
    ['msg', summaryOf(record, ended), 1023],
  ];
}

function customFacts(record: AuditRecord, ended: AuditRecord | undefined): readonly Fact[] {
  const text = (...path: readonly string[]): string | undefined => textAt(record, ...path);
  const status = ended === undefined ? undefined : numberAt(ended, 'outcome', 'httpStatus');
  const ip = text('source', 'ip');
  return [
    ...labelled('c6a2', 'sourceIPv6Address', isIP(ip ?? '') === 6 ? ip : undefined),
    ...labelled('cs1', 'target', text('target', 'name')),
    ...labelled('cs2', 'rule', text('decision', 'rule')),
    ...labelled('cs3', 'requiredScopes', textsAt(record, 'decision', 'requiredScopes').join(' ')),
    ...labelled('cs4', 'clientId', text('actor', 'clientId')),
    ...labelled('cs5', 'call', text('call')),
    ...labelled('cs6', 'issuer', text('actor', 'iss') ?? text('revocation', 'iss')),
    ...labelled('cn1', 'seq', whole(record.seq)),
    ...labelled('cn2', 'httpStatus', whole(status ?? numberAt(record, 'decision', 'httpStatus'))),
    ...labelled('cn3', 'durationMs', whole(ended === undefined ? undefined : numberAt(ended, 'outcome', 'durationMs'))),
    ...labelled('flexString1', 'traceId', text('trace', 'traceId')),
  ];
}

/** A custom field has a label that says what it is. */
function labelled(key: string, label: string, value: string | undefined): readonly Fact[] {
  if (value === undefined || value.trim() === '') return [];
  return [
    [key, value, key.startsWith('cs') ? 4000 : 1023],
    [`${key}Label`, label, 1023],
  ];
}

function millis(text: string | undefined): string | undefined {
  return timeOf(text)?.toString();
}

function whole(value: number | undefined): string | undefined {
  const rounded = value === undefined ? Number.NaN : Math.round(value);
  return Number.isSafeInteger(rounded) ? String(rounded) : undefined;
}
