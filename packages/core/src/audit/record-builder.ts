import { randomUUID } from 'node:crypto';
import { systemClock, type Clock } from '../ports/clock.ts';
import type { JsonValue } from '../call/json.ts';
import { boundedText } from '../text/bounded-text.ts';
import type { AuditEntry } from './audit-log.ts';
import type { AuditLevel, AuditRecord } from './audit-record.ts';
import { valueDomain } from './hash-domains.ts';
import type { KeyedHash } from './keyed-hash.ts';
import { createMemberNames } from './member-names.ts';
import { createRecordIds } from './record-ids.ts';
import { createIdentities, decision, maxWord, mcp, revocation, source, target } from './record-parts.ts';
import { redactArguments, redactInSteps } from './redact.ts';
import { sensitiveInResult } from './sensitive-in-result.ts';
import { finishSteps, type Steps } from './steps.ts';

export interface RecordBuilderOptions {
  /** Name of the stream the records belong to. */
  readonly stream: string;
  readonly hash: KeyedHash;
  /** Level of entries that name none. */
  readonly level: AuditLevel;
  /** Record keyed hashes instead of the subjects of callers and of those they act for. Default false. */
  readonly pseudonymizeSubjects?: boolean;
  readonly clock?: Clock;
  /** UUID of this process start; default a new one. */
  readonly boot?: string;
  /** Makes ids of records; default UUIDv7 (RFC 9562). */
  readonly newId?: () => string;
}

export interface RecordBuilder {
  /** UUID of this process start, in every record. */
  readonly boot: string;
  /** The record of an entry at a place of the stream. */
  build(entry: AuditEntry, seq: number): AuditRecord;
  /**
   * The same in steps of some ten microseconds: an entry with large arguments can be recorded a little at a time. What is
   * recorded as time is the end.
   */
  buildInSteps(entry: AuditEntry, seq: number): Steps<AuditRecord>;
}

/**
 * Turns entries into records (format version 1): adds id, time and place, hashes what must not stand in clear, bounds every
 * text and makes it well-formed. A text of the caller that looks like a credential is replaced by its keyed hash. Raw
 * arguments are recorded only with a decision, and only as the level allows.
 */
export function createRecordBuilder(options: RecordBuilderOptions): RecordBuilder {
  const { stream, hash, level, clock = systemClock, boot = randomUUID(), newId = createRecordIds() } = options;
  const subjects = { pseudonymize: options.pseudonymizeSubjects === true };
  const names = createMemberNames(hash);
  const timeOf = createTimestamps();
  const identityOf = createIdentities(hash, subjects);

  return {
    boot,
    build: (entry, seq) => finishSteps(buildInSteps(entry, seq)),
    buildInSteps,
  };

  function* buildInSteps(entry: AuditEntry, seq: number): Steps<AuditRecord> {
    const record: MutableRecord = {
      v: 1,
      id: '',
      type: entry.type,
      at: '',
      monoNs: '',
      boot,
      stream,
      seq,
    };
    const { principal } = entry;
    if (entry.call !== undefined) record.call = boundedText(entry.call, maxWord);
    if (principal !== undefined) {
      const identity = identityOf(principal);
      record.actor = identity.actor;
      record.token = identity.token;
    }
    if (entry.source !== undefined) record.source = source(entry.source, hash);
    if (entry.mcp !== undefined) record.mcp = mcp(entry.mcp, hash);
    if (entry.target !== undefined) record.target = target(entry.target, hash);
    if (entry.decision !== undefined) record.decision = decision(entry.decision);
    const entryLevel = entry.level ?? level;
    if (entry.type === 'mcp.decision' && entry.arguments !== undefined) {
      const sensitive = entry.sensitive ?? [];
      const domain = domainOf('arguments', entry);
      const redacted = yield* redactInSteps(entry.arguments, { level: entryLevel, sensitive, hash, domain, names });
      if (redacted.arguments !== undefined) record.arguments = redacted.arguments;
      record.redaction = redacted.redaction;
    }
    if (entry.outcome !== undefined) record.outcome = entry.outcome;
    if (entry.type === 'mcp.outcome' && entry.result !== undefined && entryLevel === 'full') {
      const redacted = yield* redactInSteps(entry.result, {
        level: entryLevel,
        sensitive: sensitiveInResult(entry.sensitive ?? []),
        hash,
        names,
        domain: domainOf('result', entry),
        ...(entry.concealed !== undefined && { concealed: entry.concealed }),
      });
      if (redacted.arguments !== undefined) record.result = redacted.arguments;
      record.redaction = redacted.redaction;
    }
    if (entry.revocation !== undefined) record.revocation = revocation(entry.revocation, hash, subjects);
    if (entry.trace !== undefined) record.trace = entry.trace;
    if (entry.detail !== undefined) {
      const detail = detailOf(entry.detail, hash);
      if (detail !== undefined) record.detail = detail;
    }
    // Last: records that are made at the same time stand in the log in the order in which they are finished.
    record.id = newId();
    record.at = timeOf(clock.now());
    record.monoNs = clock.monotonicNs().toString();
    return Object.freeze(record);
  }
}

/** RFC 3339 with milliseconds; many records share one. */
function createTimestamps(): (ms: number) => string {
  let last = Number.NaN;
  let text = '';
  return (ms) => {
    if (ms !== last) text = new Date(ms).toISOString();
    last = ms;
    return text;
  };
}

type MutableRecord = { -readonly [Name in keyof AuditRecord]: AuditRecord[Name] };

function domainOf(what: 'arguments' | 'result', { principal, target: at }: AuditEntry): readonly string[] {
  return valueDomain(what, principal?.tenant, at);
}

/** Notes are in clear, so they pass the same net as arguments in clear. */
function detailOf(detail: JsonValue, hash: KeyedHash): AuditRecord['detail'] {
  return redactArguments(detail, { level: 'request', sensitive: [], hash, domain: ['detail'] }).arguments;
}
