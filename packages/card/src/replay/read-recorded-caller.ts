import {
  isRecordedInClear,
  member,
  textAt,
  valueAt,
  type Actor,
  type AuditRecord,
  type JsonValue,
  type Principal,
} from '@sallyport/core';
import type { PrincipalFact } from '../authorize/missing-fact.ts';
import { createKnownCallers } from './known-callers.ts';

/** A caller as a record tells of them. */
export interface RecordedCaller {
  /** Frozen, and one object for all records that say the same. */
  readonly principal: Principal;
  readonly unknown: ReadonlySet<PrincipalFact>;
}

/** Longest list of actors in a record; a longer one was cut there. */
const maxActors = 256;
const proofs = ['jwt', 'introspection', 'dpop', 'mtls', 'enterprise'] as const;

/**
 * A function that reads who made a call; `undefined` where the record does not say. No record holds groups, roles and methods of a sign-in;
 * how strong and fresh that was stands only where it did not do.
 */
export function createCallerReader(): (record: AuditRecord) => RecordedCaller | undefined {
  const known = createKnownCallers();
  return (record) => {
    if (textAt(record, 'decision', 'reason') === 'step_up_required') return readCaller(record, record.detail);
    const found = known.find(record);
    if (found !== undefined) return found;
    const caller = readCaller(record, undefined);
    if (caller !== undefined) known.add(record, caller);
    return caller;
  };
}

function readCaller(record: AuditRecord, signIn: JsonValue | undefined): RecordedCaller | undefined {
  const issuer = textAt(record, 'actor', 'iss');
  const subject = textAt(record, 'actor', 'sub');
  const scopes = valueAt(record, 'token', 'scopes');
  const proof = proofs.find((one) => one === textAt(record, 'actor', 'proof'));
  if (issuer === undefined || subject === undefined || proof === undefined || !isTexts(scopes)) return undefined;
  const clientId = textAt(record, 'actor', 'clientId') ?? null;
  const tenant = textAt(record, 'actor', 'tenant') ?? null;
  const actors = readActors(valueAt(record, 'actor', 'act'));
  const [acr, authTime] = [member(signIn, 'acr'), member(signIn, 'authTime')];
  const unknown = new Set<PrincipalFact>(['groups', 'roles', 'amr']);
  const note = (fact: PrincipalFact, known: boolean): void => void (known || unknown.add(fact));
  note('issuer', isRecordedInClear(issuer));
  note('subject', isRecordedInClear(subject));
  note('clientId', clientId === null || isRecordedInClear(clientId));
  note('tenant', tenant === null || isRecordedInClear(tenant));
  note('scopes', scopes.every(isRecordedInClear));
  note('actors', actors !== undefined);
  note('acr', acr === null || (typeof acr === 'string' && isRecordedInClear(acr)));
  note('authTime', authTime === null || typeof authTime === 'number');
  const principal: Principal = Object.freeze({
    issuer,
    subject,
    clientId,
    tenant,
    scopes: Object.freeze(scopes.filter(isRecordedInClear)),
    groups: [],
    roles: [],
    actors: actors ?? [],
    proof,
    tokenId: null,
    sessionId: null,
    issuedAt: null,
    expiresAt: 0,
    acr: typeof acr === 'string' ? acr : null,
    amr: [],
    authTime: typeof authTime === 'number' ? authTime : null,
  });
  return { principal, unknown };
}

function isTexts(value: JsonValue | undefined): value is readonly string[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === 'string');
}

/** The delegation chain; `undefined` when not all of it is known. */
function readActors(chain: JsonValue | undefined): readonly Actor[] | undefined {
  if (!Array.isArray(chain) || chain.length >= maxActors) return undefined;
  const actors: Actor[] = [];
  for (const link of chain as readonly JsonValue[]) {
    const [issuer, subject] = [member(link, 'iss'), member(link, 'sub')];
    if (typeof subject !== 'string' || !isRecordedInClear(subject)) return undefined;
    if (issuer === undefined) actors.push({ subject });
    else if (typeof issuer === 'string' && isRecordedInClear(issuer)) actors.push({ issuer, subject });
    else return undefined;
  }
  return actors;
}
