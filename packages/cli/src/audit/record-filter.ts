import { textAt, wouldDeny, type AuditRecord } from '@sallyport/core';
import { addressOf, addressTest } from './address-filter.ts';
import { holdsHash } from './holds-hash.ts';
import { matchesWildcard } from './wildcard.ts';

/** What selects records. A record must fit all of it. In patterns, `*` stands for any characters. */
export interface RecordFilter {
  /** `sub` of the caller, or of whose tokens were revoked, exactly. */
  readonly subject?: string | undefined;
  /** Client id of the caller, exactly. */
  readonly client?: string | undefined;
  /** Issuer of the caller, or of what was revoked, exactly. */
  readonly issuer?: string | undefined;
  /** Pattern of the name of a tool. */
  readonly tool?: string | undefined;
  /** Pattern of an MCP method. */
  readonly method?: string | undefined;
  readonly decision?: 'allow' | 'deny' | undefined;
  /** Pattern of the reason of a refusal. */
  readonly reason?: string | undefined;
  /** Pattern of the type of a record, of each by itself: the one that began a call and the one that ended it have different types. */
  readonly type?: string | undefined;
  /** Whether the record that ends a call goes with the type of the one that began it. Default false. */
  readonly withEnds?: boolean | undefined;
  /** Address of the caller, or a network such as `203.0.113.0/24`; of refusals that were counted together: of all of them. */
  readonly ip?: string | undefined;
  /** A keyed hash that stands for a value of the call, whole or at the end of a shortened text. */
  readonly hash?: string | undefined;
  /** Name of a stream, exactly. */
  readonly stream?: string | undefined;
  /** Only what observe mode let pass although the policy denies it. */
  readonly wouldDeny?: boolean | undefined;
  /** Milliseconds since the epoch, inclusive. */
  readonly sinceMs?: number | undefined;
  /** Milliseconds since the epoch, inclusive. */
  readonly untilMs?: number | undefined;
  /** Id of a call or the beginning of one, in lower case. */
  readonly call?: string | undefined;
}

/** Whether a filter selects every record. A stream is selected by what is read. */
export function isEmptyFilter(filter: RecordFilter): boolean {
  return Object.entries(filter).every(
    ([name, value]) => name === 'stream' || name === 'withEnds' || value === undefined || value === false,
  );
}

/** Whether a record is of a type that the filter wants; the rest of the filter is about calls. */
export function isType({ type }: AuditRecord, filter: RecordFilter): boolean {
  if (filter.type === undefined || matchesWildcard(filter.type, type)) return true;
  const beginning = filter.withEnds === true ? beginnings.get(type) : undefined;
  return beginning !== undefined && matchesWildcard(filter.type, beginning);
}

/** Whether a record is the end of something that is counted already. One whose beginning is of no type that is wanted counts itself. */
export function isPartOfCall({ type }: AuditRecord, filter: RecordFilter): boolean {
  const beginning = beginnings.get(type);
  return beginning !== undefined && (filter.type === undefined || matchesWildcard(filter.type, beginning));
}

/** The type of the record that began what a record of a type ends. */
const beginnings: ReadonlyMap<string, string> = new Map([
  ['mcp.outcome', 'mcp.decision'],
  ['stream.closed', 'stream.opened'],
]);

/** Makes the test of single records by their own facts, whatever their type is. */
export function createRecordTest(filter: RecordFilter): (record: AuditRecord) => boolean {
  const isFrom = addressTest(filter.ip);
  const { subject, client, issuer, tool, method, decision, reason, hash, stream, call } = filter;
  return (record) => {
    if (call !== undefined && textAt(record, 'call')?.startsWith(call) !== true) return false;
    if (stream !== undefined && record.stream !== stream) return false;
    if (subject !== undefined && subjectOf(record) !== subject) return false;
    if (issuer !== undefined && issuerOf(record) !== issuer) return false;
    if (client !== undefined && textAt(record, 'actor', 'clientId') !== client) return false;
    if (decision !== undefined && textAt(record, 'decision', 'effect') !== decision) return false;
    if (filter.wouldDeny === true && !wouldDeny(record)) return false;
    if (tool !== undefined && !matchesWildcard(tool, toolOf(record))) return false;
    if (method !== undefined && !matchesWildcard(method, textAt(record, 'mcp', 'method'))) return false;
    if (reason !== undefined && !matchesWildcard(reason, textAt(record, 'decision', 'reason'))) return false;
    if (hash !== undefined && !holdsHash(record, hash)) return false;
    return isFrom(addressOf(record)) && isInTime(record, filter);
  };
}

/** Whom a record is about: the caller, or whose tokens were revoked. */
export function subjectOf(record: AuditRecord): string | undefined {
  return textAt(record, 'actor', 'sub') ?? textAt(record, 'revocation', 'sub');
}

/** Whose issuer a record is about. */
export function issuerOf(record: AuditRecord): string | undefined {
  return textAt(record, 'actor', 'iss') ?? textAt(record, 'revocation', 'iss');
}

/** The tool that a record is about. */
export function toolOf(record: AuditRecord): string | undefined {
  return textAt(record, 'target', 'kind') === 'tool' ? textAt(record, 'target', 'name') : undefined;
}

function isInTime(record: AuditRecord, { sinceMs, untilMs }: RecordFilter): boolean {
  if (sinceMs === undefined && untilMs === undefined) return true;
  const at = Date.parse(record.at);
  // A time that can not be read is shown rather than hidden.
  if (Number.isNaN(at)) return true;
  return at >= (sinceMs ?? Number.NEGATIVE_INFINITY) && at <= (untilMs ?? Number.POSITIVE_INFINITY);
}
