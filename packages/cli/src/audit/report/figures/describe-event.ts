import { type AuditRecord, isJsonObject, type JsonValue, member, textAt, valueAt } from '@sallyport/core';
import { printableJson } from '../../../terminal/printable.ts';

/** Longer texts are cut; the record has all of it. */
const maxText = 300;

/** What a record about the server or its log says, on one line. */
export function describeEvent(record: AuditRecord): string {
  const text = record.type === 'token.revoked' ? revocation(record) : detail(record);
  return text.length > maxText ? `${text.slice(0, maxText)}…` : text;
}

function revocation(record: AuditRecord): string {
  const at = (name: string): string | undefined => textAt(record, 'revocation', name);
  const [jti, sid, sub] = [at('jti'), at('sid'), at('sub')];
  const what = sub !== undefined ? `subject ${sub}` : sid !== undefined ? `session ${sid}` : `token ${jti ?? ''}`;
  const by = textAt(record, 'detail', 'by');
  return [
    what,
    `issuer ${at('iss') ?? ''}`,
    `until ${at('until') ?? ''}`,
    ...(by === undefined ? [] : [`by ${by}`]),
  ].join(', ');
}

/** The members of the detail by name, in the order of the record. */
function detail(record: AuditRecord): string {
  const facts = valueAt(record, 'detail');
  if (!isJsonObject(facts)) return facts === undefined ? '' : textOf(facts);
  return Object.entries(facts)
    .filter(([name, value]) => name !== 'state' && !isEmpty(value))
    .map(([name, value]) => (name === 'by' ? whoText(value) : `${name} ${textOf(value)}`))
    .join(', ');
}

/** Who read the log: as readings are recorded. */
function whoText(by: JsonValue): string {
  const [user, host] = [member(by, 'user'), member(by, 'host')];
  return typeof user === 'string' && typeof host === 'string' ? `by ${user} on ${host}` : `by ${textOf(by)}`;
}

function isEmpty(value: JsonValue): boolean {
  return isJsonObject(value) && Object.keys(value).length === 0;
}

function textOf(value: JsonValue): string {
  return typeof value === 'string' ? value : printableJson(value);
}
