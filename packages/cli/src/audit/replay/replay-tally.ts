import { textAt, textsAt, type AuditRecord } from '@sallyport/core';
import type { MissingFact, Replayed } from '@sallyport/card';
import { comparedWith } from './compared-with.ts';

/** How a decision changes. `unknown`: it can not be said. */
export type Change = 'newly_denied' | 'newly_allowed' | 'unknown';

/** Calls that change in the same way; of those that can not be replayed, whose they are does not matter. */
export interface ChangedCalls {
  readonly type: Change;
  readonly issuer?: string;
  readonly subject?: string;
  readonly clientId?: string;
  readonly method: string;
  /** Name of the tool or prompt, URI of the resource. */
  readonly target?: string;
  /** The rule that decided then, and the one that decides now. */
  readonly oldRule: string;
  readonly newRule?: string;
  /** Why it is denied, or was. */
  readonly reason?: string;
  readonly missingScopes?: readonly string[];
  /** The condition that does not hold, in words. */
  readonly condition?: string;
  /** What the answer depends on and no record holds. */
  readonly missing?: readonly MissingFact[];
  readonly calls: number;
  readonly firstCall: string;
  readonly firstAt: string;
  readonly lastAt: string;
}

/** What a replay comes to. A plain value, so that threads can hand it on. */
export interface ReplayTally {
  /** Decisions of a policy, replayed or not. */
  decisions: number;
  newlyDenied: number;
  newlyAllowed: number;
  /** With the same effect. */
  unchanged: number;
  /** Of those, with another reason, rule or other scopes. */
  otherwise: number;
  unknown: number;
  /** How many of these depend on what: names in order, separated by spaces. */
  readonly missing: Map<string, number>;
  /** Decided by the very policy of the card. */
  samePolicy: number;
  /** No decisions of a policy. */
  readonly apart: { noPolicy: number; authFailures: number; refusals: number };
  readonly groups: Map<string, ChangedCalls>;
  /** Changed calls that are in none because there were too many groups. */
  ungrouped: number;
}

/** A caller can make up names without end; nobody reads so many groups. */
const maxGroups = 10_000;

export function createReplayTally(): ReplayTally {
  return {
    decisions: 0,
    newlyDenied: 0,
    newlyAllowed: 0,
    unchanged: 0,
    otherwise: 0,
    unknown: 0,
    missing: new Map(),
    samePolicy: 0,
    apart: { noPolicy: 0, authFailures: 0, refusals: 0 },
    groups: new Map(),
    ungrouped: 0,
  };
}

/** Counts one decision. */
export function countReplayed(tally: ReplayTally, record: AuditRecord, replayed: Replayed, policy: string): void {
  if (replayed.kind === 'no_policy') {
    tally.apart.noPolicy += 1;
    return;
  }
  tally.decisions += 1;
  if (textAt(record, 'decision', 'policy') === policy) tally.samePolicy += 1;
  if (replayed.kind === 'unknown') {
    const missing = [...replayed.missing].toSorted();
    tally.unknown += 1;
    add(tally.missing, missing.join(' '), 1);
    join(tally, { type: 'unknown', ...placeOf(record), missing });
    return;
  }
  const compared = comparedWith(record, replayed);
  switch (compared) {
    case 'same':
      tally.unchanged += 1;
      return;
    case 'otherwise':
      tally.unchanged += 1;
      tally.otherwise += 1;
      return;
    case 'newly_denied':
    case 'newly_allowed':
      tally[compared === 'newly_denied' ? 'newlyDenied' : 'newlyAllowed'] += 1;
      join(tally, changeOf(record, replayed, compared));
  }
}

/** Adds what another part of the log came to, which stands behind it. */
export function mergeTallies(tally: ReplayTally, other: ReplayTally): void {
  for (const name of ['decisions', 'newlyDenied', 'newlyAllowed', 'unchanged', 'otherwise', 'unknown'] as const)
    tally[name] += other[name];
  tally.samePolicy += other.samePolicy;
  tally.ungrouped += other.ungrouped;
  for (const name of ['noPolicy', 'authFailures', 'refusals'] as const) tally.apart[name] += other.apart[name];
  for (const [missing, calls] of other.missing) add(tally.missing, missing, calls);
  for (const group of other.groups.values()) join(tally, group);
}

function changeOf(record: AuditRecord, replayed: Replayed, type: Change): ChangedCalls {
  const { decision } = replayed.kind === 'decided' ? replayed : {};
  const subject = textAt(record, 'actor', 'sub');
  const issuer = textAt(record, 'actor', 'iss');
  const clientId = textAt(record, 'actor', 'clientId');
  const denied = type === 'newly_denied';
  const reason = denied ? decision?.reason : textAt(record, 'decision', 'reason');
  const missingScopes = denied ? (decision?.missingScopes ?? []) : textsAt(record, 'decision', 'missingScopes');
  return {
    type,
    ...placeOf(record),
    ...(issuer !== undefined && { issuer }),
    ...(subject !== undefined && { subject }),
    ...(clientId !== undefined && { clientId }),
    ...(decision !== undefined && { newRule: decision.rule }),
    ...(reason !== undefined && { reason }),
    ...(missingScopes.length > 0 && { missingScopes }),
    ...(decision?.condition !== undefined && { condition: decision.condition.message }),
  };
}

function placeOf(record: AuditRecord): Omit<ChangedCalls, 'type'> {
  const target = textAt(record, 'target', 'name');
  return {
    method: textAt(record, 'mcp', 'method') ?? '',
    ...(target !== undefined && { target }),
    oldRule: textAt(record, 'decision', 'rule') ?? '',
    calls: 1,
    firstCall: textAt(record, 'call') ?? '',
    firstAt: record.at,
    lastAt: record.at,
  };
}

function join(tally: ReplayTally, found: ChangedCalls): void {
  const { calls, firstCall: _call, firstAt, lastAt, ...facts } = found;
  const key = JSON.stringify(facts);
  const known = tally.groups.get(key);
  if (known === undefined && tally.groups.size >= maxGroups) {
    tally.ungrouped += calls;
    return;
  }
  const first = known === undefined || firstAt < known.firstAt ? found : known;
  tally.groups.set(key, {
    ...first,
    calls: calls + (known?.calls ?? 0),
    lastAt: known !== undefined && known.lastAt > lastAt ? known.lastAt : lastAt,
  });
}

function add(counts: Map<string, number>, key: string, calls: number): void {
  counts.set(key, (counts.get(key) ?? 0) + calls);
}
