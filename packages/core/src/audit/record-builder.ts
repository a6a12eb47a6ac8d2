import { randomUUID } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { systemClock, type Clock } from '../ports/clock.ts';
import type { Principal } from '../principal/principal.ts';
import { boundedText } from '../text/bounded-text.ts';
import type { AuditEntry } from './audit-log.ts';
import type {
  AuditActor,
  AuditDecision,
  AuditLevel,
  AuditMcp,
  AuditRecord,
  AuditRevocation,
  AuditSource,
  AuditTarget,
} from './audit-record.ts';
import type { KeyedHash } from './keyed-hash.ts';
import { recordedText, shortened } from './recorded-text.ts';
import { redactArguments } from './redact.ts';

/** Longest texts in characters. */
const maxName = 512;
const maxUserAgent = 256;
const maxWord = 128;
/** Most scopes or actors in a list. */
const maxList = 256;

export interface RecordBuilderOptions {
  /** Name of the stream the records belong to. */
  readonly stream: string;
  readonly hash: KeyedHash;
  /** Level of entries that name none. */
  readonly level: AuditLevel;
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
}

/**
 * Turns entries into records (format version 1): adds id, time and place, hashes what must not stand in clear, bounds every
 * text and makes it well-formed. A text of the caller that looks like a credential is replaced by its keyed hash. Raw
 * arguments are recorded only with a decision, and only as the level allows.
 */
export function createRecordBuilder(options: RecordBuilderOptions): RecordBuilder {
  const { stream, hash, level, clock = systemClock, boot = randomUUID(), newId = uuidv7 } = options;

  return {
    boot,
    build(entry, seq) {
      return Object.freeze({
        v: 1,
        id: newId(),
        type: entry.type,
        at: new Date(clock.now()).toISOString(),
        monoNs: clock.monotonicNs().toString(),
        boot,
        stream,
        seq,
        ...(entry.call !== undefined && { call: boundedText(entry.call, maxWord) }),
        ...(entry.principal !== undefined && {
          actor: actor(entry.principal, hash),
          token: token(entry.principal, hash),
        }),
        ...(entry.source !== undefined && { source: source(entry.source, hash) }),
        ...(entry.mcp !== undefined && { mcp: mcp(entry.mcp, hash) }),
        ...(entry.target !== undefined && { target: target(entry.target, hash) }),
        ...(entry.decision !== undefined && { decision: decision(entry.decision) }),
        ...argumentsOf(entry, level, hash),
        ...(entry.outcome !== undefined && { outcome: entry.outcome }),
        ...(entry.revocation !== undefined && { revocation: revocation(entry.revocation, hash) }),
        ...(entry.trace !== undefined && { trace: entry.trace }),
        ...detailOf(entry, hash),
      });
    },
  };
}

function actor(principal: Principal, hash: KeyedHash): AuditActor {
  const identity = (text: string): string => recordedIdentity(text, hash);
  return {
    iss: identity(principal.issuer),
    sub: identity(principal.subject),
    clientId: principal.clientId === null ? null : identity(principal.clientId),
    ...(principal.tenant !== null && { tenant: identity(principal.tenant) }),
    act: principal.actors.slice(0, maxList).map((link) => ({
      ...(link.issuer !== undefined && { iss: identity(link.issuer) }),
      sub: identity(link.subject),
    })),
    proof: principal.proof,
  };
}

// Identities were verified, so they stand as they are; two long ones must not become one.
function recordedIdentity(text: string, hash: KeyedHash): string {
  return text.length > maxName ? shortened(text, maxName, hash, 'identity') : boundedText(text, maxName);
}

function token(principal: Principal, hash: KeyedHash): NonNullable<AuditRecord['token']> {
  return {
    ...(principal.tokenId !== null && { jti: hash.hash(principal.tokenId, 'jti', principal.issuer) }),
    exp: principal.expiresAt,
    scopes: words(principal.scopes),
  };
}

function revocation({ entry, untilMs }: NonNullable<AuditEntry['revocation']>, hash: KeyedHash): AuditRevocation {
  const iss = recordedIdentity(entry.issuer, hash);
  const until = new Date(untilMs).toISOString();
  switch (entry.kind) {
    case 'token':
      return { iss, jti: hash.hash(entry.tokenId, 'jti', entry.issuer), until };
    case 'session':
      return { iss, sid: hash.hash(entry.sessionId, 'sid', entry.issuer), until };
    case 'subject': {
      const sub = recordedIdentity(entry.subject, hash);
      const { issuedUpTo, sessionlessOnly } = entry;
      return { iss, sub, issuedUpTo, ...(sessionlessOnly !== undefined && { sessionlessOnly }), until };
    }
  }
}

function source(from: AuditSource, hash: KeyedHash): AuditSource {
  return {
    ip: boundedText(from.ip, maxWord),
    ...(from.userAgent !== undefined && { userAgent: recordedText(from.userAgent, maxUserAgent, hash) }),
  };
}

function mcp(facts: AuditMcp, hash: KeyedHash): AuditMcp {
  const { requestId } = facts;
  return {
    method: recordedText(facts.method, maxName, hash),
    ...(requestId !== undefined && {
      requestId: typeof requestId === 'string' ? recordedText(requestId, maxName, hash) : requestId,
    }),
    ...(facts.protocolVersion !== undefined && { protocolVersion: boundedText(facts.protocolVersion, maxWord) }),
    ...(facts.era !== undefined && { era: facts.era }),
    ...(facts.client !== undefined && { client: recordedText(facts.client, maxWord, hash) }),
  };
}

function target(facts: AuditTarget, hash: KeyedHash): AuditTarget {
  return { kind: facts.kind, name: recordedText(facts.name, maxName, hash) };
}

function decision(facts: AuditDecision): AuditDecision {
  return {
    effect: facts.effect,
    ...(facts.enforced === false && { enforced: false as const }),
    ...(facts.reason !== undefined && { reason: facts.reason }),
    ...(facts.rule !== undefined && { rule: boundedText(facts.rule, maxName) }),
    ...(facts.policy !== undefined && { policy: boundedText(facts.policy, maxWord) }),
    ...(facts.requiredScopes !== undefined && { requiredScopes: words(facts.requiredScopes) }),
    ...(facts.missingScopes !== undefined && { missingScopes: words(facts.missingScopes) }),
    ...(facts.httpStatus !== undefined && { httpStatus: facts.httpStatus }),
  };
}

function words(list: readonly string[]): readonly string[] {
  const recorded = list.slice(0, maxList).map((word) => boundedText(word, maxWord));
  return list.length > maxList ? [...recorded, `… (${list.length})`] : recorded;
}

function argumentsOf(
  entry: AuditEntry,
  level: AuditLevel,
  hash: KeyedHash,
): Pick<AuditRecord, 'arguments' | 'redaction'> {
  if (entry.type !== 'mcp.decision' || entry.arguments === undefined) return {};
  const { arguments: recorded, redaction } = redactArguments(entry.arguments, {
    level: entry.level ?? level,
    sensitive: entry.sensitive ?? [],
    hash,
    domain: ['arguments', entry.target?.kind ?? '', entry.target?.name ?? ''],
  });
  return { ...(recorded !== undefined && { arguments: recorded }), redaction };
}

// Notes are in clear, so they pass the same net as arguments in clear.
function detailOf(entry: AuditEntry, hash: KeyedHash): Pick<AuditRecord, 'detail'> {
  if (entry.detail === undefined) return {};
  const { arguments: detail } = redactArguments(entry.detail, {
    level: 'request',
    sensitive: [],
    hash,
    domain: ['detail'],
  });
  return detail === undefined ? {} : { detail };
}
