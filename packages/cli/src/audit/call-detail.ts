import { type AuditRecord, isJsonObject, textAt, textsAt, valueAt, wouldDeny } from '@sallyport/core';
import { printableJson } from '../terminal/printable.ts';

/** Everything a record says, as labels and values for people. What it does not say is left out. */
export function callDetail(record: AuditRecord): readonly (readonly [label: string, value: string])[] {
  const rows: (readonly [string, string | undefined])[] = [
    [record.type, `${record.at}  ${record.stream} #${record.seq}`],
    ['decision', decisionOf(record)],
    ['rule', joined('  ', textAt(record, 'decision', 'rule'), textAt(record, 'decision', 'policy'))],
    ['needs', list(textsAt(record, 'decision', 'requiredScopes'))],
    ['missing', list(textsAt(record, 'decision', 'missingScopes'))],
    ['outcome', outcomeOf(record)],
    ['what', joined(' ', textAt(record, 'mcp', 'method'), textAt(record, 'target', 'name'))],
    ['request', requestOf(record)],
    ['who', joined(' ', textAt(record, 'actor', 'sub'), labelled('at', textAt(record, 'actor', 'iss')))],
    ['client', textAt(record, 'actor', 'clientId')],
    ['tenant', textAt(record, 'actor', 'tenant')],
    ['on behalf', nonEmptyJson(record, 'actor', 'act')],
    ['token', tokenOf(record)],
    ['revoked', nonEmptyJson(record, 'revocation')],
    ['from', joined('  ', textAt(record, 'source', 'ip'), textAt(record, 'source', 'userAgent'))],
    ['arguments', nonEmptyJson(record, 'arguments')],
    ['redaction', nonEmptyJson(record, 'redaction')],
    ['trace', joined(' span ', textAt(record, 'trace', 'traceId'), textAt(record, 'trace', 'spanId'))],
    ['detail', nonEmptyJson(record, 'detail')],
    ['record', `${record.id}  boot ${record.boot}`],
  ];
  return rows.filter((row): row is readonly [string, string] => row[1] !== undefined && row[1] !== '');
}

function decisionOf(record: AuditRecord): string | undefined {
  return joined(
    '  ',
    wouldDeny(record) ? 'would deny, not enforced' : textAt(record, 'decision', 'effect'),
    textAt(record, 'decision', 'reason'),
    labelled('HTTP', textAt(record, 'decision', 'httpStatus')),
  );
}

function outcomeOf(record: AuditRecord): string | undefined {
  return joined(
    '  ',
    textAt(record, 'outcome', 'status'),
    labelled('HTTP', textAt(record, 'outcome', 'httpStatus')),
    unit(textAt(record, 'outcome', 'durationMs'), 'ms'),
    unit(textAt(record, 'outcome', 'bytes'), 'bytes'),
    unit(textAt(record, 'outcome', 'messages'), 'messages before the last'),
  );
}

function requestOf(record: AuditRecord): string | undefined {
  return joined(
    '  ',
    labelled('id', textAt(record, 'mcp', 'requestId')),
    labelled('protocol', textAt(record, 'mcp', 'protocolVersion')),
    labelled('client software', textAt(record, 'mcp', 'client')),
  );
}

function tokenOf(record: AuditRecord): string | undefined {
  if (!isJsonObject(valueAt(record, 'token'))) return undefined;
  const exp = valueAt(record, 'token', 'exp');
  const date = typeof exp === 'number' ? new Date(exp * 1000) : undefined;
  const ends = date === undefined || Number.isNaN(date.getTime()) ? undefined : date.toISOString();
  const scopes = textsAt(record, 'token', 'scopes');
  return joined(
    '  ',
    scopes.length === 0 ? 'no scopes' : `scopes ${scopes.join(' ')}`,
    labelled('until', ends),
    labelled('by', textAt(record, 'actor', 'proof')),
    labelled('jti', textAt(record, 'token', 'jti')),
  );
}

function nonEmptyJson(record: AuditRecord, ...path: readonly string[]): string | undefined {
  const value = valueAt(record, ...path);
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return undefined;
  return printableJson(value);
}

function list(texts: readonly string[]): string | undefined {
  return texts.length === 0 ? undefined : texts.join(' ');
}

function labelled(label: string, text: string | undefined): string | undefined {
  return text === undefined ? undefined : `${label} ${text}`;
}

function unit(text: string | undefined, name: string): string | undefined {
  return text === undefined ? undefined : `${text} ${name}`;
}

function joined(separator: string, ...texts: readonly (string | undefined)[]): string | undefined {
  const known = texts.filter((text) => text !== undefined);
  return known.length === 0 ? undefined : known.join(separator);
}
