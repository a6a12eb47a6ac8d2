import type { Principal } from '../principal/principal.ts';
import { boundedText } from '../text/bounded-text.ts';
import type { AuditEntry } from './audit-log.ts';
import type {
  AuditActor,
  AuditDecision,
  AuditMcp,
  AuditRecord,
  AuditRevocation,
  AuditSource,
  AuditTarget,
} from './audit-record.ts';
import { sessionIdDomain, subjectDomain, tokenIdDomain } from './hash-domains.ts';
import type { KeyedHash } from './keyed-hash.ts';
import { recordedText, shortened } from './recorded-text.ts';

/** Longest texts in characters. */
export const maxName = 512;
const maxUserAgent = 256;
export const maxWord = 128;
/** Most scopes or actors in a list. */
const maxList = 256;

/** How the identity of a person is recorded. */
export interface SubjectOptions {
  /** Keyed hashes instead of subjects: equal for one subject of one issuer and tenant, and nowhere else. */
  readonly pseudonymize: boolean;
}

/** What records say of a principal. */
interface Identity {
  readonly actor: AuditActor;
  readonly token: NonNullable<AuditRecord['token']>;
}

/** Makes it once for a principal that can not change: the calls of a token share theirs. */
export function createIdentities(hash: KeyedHash, subjects: SubjectOptions): (principal: Principal) => Identity {
  const known = new WeakMap<Principal, Identity>();
  return (principal) => {
    const found = known.get(principal);
    if (found !== undefined) return found;
    const identity = { actor: actor(principal, hash, subjects), token: token(principal, hash) };
    if (Object.isFrozen(principal)) known.set(principal, identity);
    return identity;
  };
}

function actor(principal: Principal, hash: KeyedHash, options: SubjectOptions): AuditActor {
  const identity = (text: string): string => recordedIdentity(text, hash);
  const tenant = principal.tenant ?? '';
  const subject = (text: string, issuer: string): string => recordedSubject(text, { issuer, tenant }, hash, options);
  return {
    iss: identity(principal.issuer),
    sub: subject(principal.subject, principal.issuer),
    clientId: principal.clientId === null ? null : identity(principal.clientId),
    ...(principal.tenant !== null && { tenant: identity(principal.tenant) }),
    act: principal.actors.slice(0, maxList).map((link) => ({
      ...(link.issuer !== undefined && { iss: identity(link.issuer) }),
      sub: subject(link.subject, link.issuer ?? principal.issuer),
    })),
    proof: principal.proof,
  };
}

function recordedSubject(
  subject: string,
  { issuer, tenant }: { readonly issuer: string; readonly tenant: string },
  hash: KeyedHash,
  { pseudonymize }: SubjectOptions,
): string {
  return pseudonymize ? hash.hash(subject, ...subjectDomain(issuer, tenant)) : recordedIdentity(subject, hash);
}

// Identities were verified, so they stand as they are; two long ones must not become one.
function recordedIdentity(text: string, hash: KeyedHash): string {
  return text.length > maxName ? shortened(text, maxName, hash, 'identity') : boundedText(text, maxName);
}

function token(principal: Principal, hash: KeyedHash): NonNullable<AuditRecord['token']> {
  return {
    ...(principal.tokenId !== null && { jti: hash.hash(principal.tokenId, ...tokenIdDomain(principal.issuer)) }),
    exp: principal.expiresAt,
    scopes: words(principal.scopes),
  };
}

export function revocation(
  { entry, untilMs }: NonNullable<AuditEntry['revocation']>,
  hash: KeyedHash,
  options: SubjectOptions,
): AuditRevocation {
  const iss = recordedIdentity(entry.issuer, hash);
  const until = new Date(untilMs).toISOString();
  switch (entry.kind) {
    case 'token':
      return { iss, jti: hash.hash(entry.tokenId, ...tokenIdDomain(entry.issuer)), until };
    case 'session':
      return { iss, sid: hash.hash(entry.sessionId, ...sessionIdDomain(entry.issuer)), until };
    case 'subject': {
      // A revocation knows no tenant: the pseudonym is that of the subject without one.
      const sub = recordedSubject(entry.subject, { issuer: entry.issuer, tenant: '' }, hash, options);
      const { issuedUpTo, sessionlessOnly } = entry;
      return { iss, sub, issuedUpTo, ...(sessionlessOnly !== undefined && { sessionlessOnly }), until };
    }
  }
}

export function source(from: AuditSource, hash: KeyedHash): AuditSource {
  return {
    ip: boundedText(from.ip, maxWord),
    ...(from.userAgent !== undefined && { userAgent: recordedText(from.userAgent, maxUserAgent, hash) }),
  };
}

export function mcp(facts: AuditMcp, hash: KeyedHash): AuditMcp {
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

export function target(facts: AuditTarget, hash: KeyedHash): AuditTarget {
  return { kind: facts.kind, name: recordedText(facts.name, maxName, hash) };
}

export function decision(facts: AuditDecision): AuditDecision {
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
