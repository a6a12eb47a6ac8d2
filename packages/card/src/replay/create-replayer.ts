import {
  member,
  readRecordedArguments,
  valueAt,
  type AuditRecord,
  type Decision,
  type JsonValue,
  type Principal,
  type Reason,
} from '@sallyport/core';
import { createPolicy } from '../authorize/create-policy.ts';
import { Gaps } from '../authorize/gaps.ts';
import type { MissingFact } from '../authorize/missing-fact.ts';
import type { Card } from '../card/card.ts';
import type { PartlyKnownCall } from './partly-known-call.ts';
import { createPlainDecisions, type DecidedAgain } from './plain-decisions.ts';
import { createCallReader, readFailure } from './read-recorded-call.ts';
import { createCallerReader } from './read-recorded-caller.ts';

/**
 * What a policy says of a call from its record.
 *
 * - `decided`: the effect is the same for every call that leaves this record. `exact`: reason, rule and scopes are so, too.
 * - `same_policy`: that depends on what is not known, but the policy is the one that decided then.
 * - `unknown`: it depends on what is not known.
 * - `no_policy`: no card decides this, but the configuration or the session.
 */
export type Replayed =
  | { readonly kind: 'decided'; readonly decision: Decision; readonly exact: boolean }
  | { readonly kind: 'same_policy' }
  | { readonly kind: 'unknown'; readonly missing: ReadonlySet<MissingFact> }
  | { readonly kind: 'no_policy' };

/** Decides recorded calls again. */
export interface Replayer {
  /** SHA-256 of the policy, as `sha256:<hex>`. */
  readonly policy: string;
  /** @param record of type `mcp.decision`; what of it is not as a log writes it makes it `unknown`. */
  replay(record: AuditRecord): Replayed;
}

/**
 * Decides recorded calls again under the policy of a card, by the very code of `createAuthorizer`, for a server that registers what the
 * card declares. A record holds less than the call did; an effect is given only when it is the same whatever is missing. Never throws.
 */
export function createReplayer(card: Card): Replayer {
  const policy = createPolicy(card, {});
  const readCall = createCallReader(card);
  const readCaller = createCallerReader();
  const withAll = createHolderOfAll([...card.access.scopes.keys()]);

  const plain = createPlainDecisions();

  const decide = (known: PartlyKnownCall, principal: Principal): DecidedAgain => {
    const before = plain.find(principal, known.call);
    if (before !== undefined) return before;
    const gaps = new Gaps(known);
    const decision = policy.decide(principal, known.call, { gaps });
    const missing = gaps.missing();
    const decided = { decision, missing, certain: decision.effect === 'deny' || missing.size === 0 };
    if (!gaps.asked) plain.add(principal, known.call, decided);
    return decided;
  };
  const decideAll = (known: PartlyKnownCall): DecidedAgain => {
    const { principal, unknown } = known;
    const least = decide(known, principal);
    if (!unknown.has('scopes') || (least.certain && least.decision.effect === 'allow')) return least;
    // Who holds more scopes lacks fewer: what is denied with all of them is denied with those that are not known.
    const most = decide(known, withAll(principal));
    return { ...most, missing: new Set([...most.missing, 'scopes']), certain: most.decision.effect === 'deny' };
  };

  return {
    policy: card.policy,
    replay(record) {
      const first = valueAt(record, 'decision');
      if (isDecidedElsewhere(record, first)) return { kind: 'no_policy' };
      const recorded = readRecordedArguments(record);
      const caller = readCaller(record);
      const call = readCall(record, recorded);
      const effect = member(first, 'effect');
      if (caller === undefined || (effect !== 'allow' && effect !== 'deny'))
        return { kind: 'unknown', missing: new Set(['record']) };
      const samePolicy = member(first, 'policy') === card.policy;
      const unknown = (missing: ReadonlySet<MissingFact>): Replayed =>
        samePolicy ? { kind: 'same_policy' } : { kind: 'unknown', missing };
      if ('missing' in call) return unknown(new Set([call.missing]));
      const { principal, unknown: facts } = caller;
      const failed = readFailure(record);
      const known = { principal, unknown: facts, call, arguments: recorded, at: record.at, failed };
      const { decision, missing, certain } = decideAll(known);
      if (!certain) return unknown(missing);
      // The server had no such target then; whether it has one now is not in the card.
      if (decision.effect === 'allow' && unregistered.has(member(first, 'reason')))
        return unknown(new Set(['registered']));
      return { kind: 'decided', decision, exact: missing.size === 0 };
    },
  };
}

/** The same caller with every scope of the card. */
function createHolderOfAll(scopes: readonly string[]): (principal: Principal) => Principal {
  const holders = new WeakMap<Principal, Principal>();
  return (principal) => {
    const holder = holders.get(principal) ?? Object.freeze({ ...principal, scopes: Object.freeze([...scopes]) });
    holders.set(principal, holder);
    return holder;
  };
}

/** Public methods without a token, and what a session of the caller is enough for. */
function isDecidedElsewhere({ actor }: AuditRecord, first: JsonValue | undefined): boolean {
  const rule = member(first, 'rule');
  if (rule === 'session.owner') return true;
  return actor === undefined && typeof rule === 'string' && rule.startsWith('publicMethods.');
}

const unregistered: ReadonlySet<JsonValue | undefined> = new Set<Reason>([
  'unknown_tool',
  'unknown_resource',
  'unknown_prompt',
]);
