import type { Decision, Disclosure, FailedCondition, SignInRequirement } from '@sallyport/core';
import type { TargetRule } from '../card/card.ts';
import type { HeldScopes } from './question.ts';

/** What decisions say of the rule they come from. */
export interface RuleFacts {
  readonly name: string;
  readonly rule: Pick<TargetRule, 'audit' | 'sensitive' | 'disclosure'>;
  readonly policy: string;
}

/** What an operation needs of this caller: with alternatives, the one of which the caller lacks the fewest scopes. */
export interface Need {
  readonly required: readonly string[];
  readonly missing: readonly string[];
}

export const noScopes: readonly string[] = Object.freeze([]);

export function allowed(facts: RuleFacts, required: readonly string[]): Decision {
  return decision({ ...facts, required });
}

export function insufficient(facts: RuleFacts, { required, missing }: Need): Decision {
  const { disclosure } = facts.rule;
  const challenge = disclosure === 'hide' ? noScopes : required;
  return decision({ ...facts, required, reason: 'insufficient_scope', missing, challenge, disclosure });
}

export interface ConditionNotMet {
  readonly condition: FailedCondition;
  readonly required: readonly string[];
  /** Scopes with which it may hold. */
  readonly stepUp: readonly string[];
  /** `hide`: no list shows the target to this caller, so nothing else may. */
  readonly disclosure: Disclosure;
}

/**
 * The challenge names what could help: the scopes of the operation and of the step-up, unless the caller has them all already, or must
 * not learn that there is a target.
 */
export function conditionNotMet(facts: RuleFacts, held: HeldScopes, failed: ConditionNotMet): Decision {
  const { condition, required, stepUp, disclosure } = failed;
  const missing = stepUp.filter((scope) => !held.has(scope));
  const challenge = missing.length === 0 || disclosure === 'hide' ? noScopes : union(required, stepUp);
  return decision({ ...facts, required, reason: 'condition', condition, missing, challenge, disclosure });
}

/** A list shows the target to whoever gets here, so this never hides. The scopes are named so that a new token has them. */
export function signInNeeded(facts: RuleFacts, required: readonly string[], signIn: SignInRequirement): Decision {
  return decision({ ...facts, required, reason: 'step_up_required', challenge: required, signIn });
}

interface DecisionParts extends RuleFacts {
  readonly required: readonly string[];
  readonly reason?: 'insufficient_scope' | 'condition' | 'step_up_required';
  readonly signIn?: SignInRequirement;
  readonly condition?: FailedCondition;
  readonly missing?: readonly string[];
  readonly challenge?: readonly string[];
  readonly disclosure?: Disclosure;
}

function decision({
  name,
  rule,
  policy,
  required,
  reason,
  missing = noScopes,
  challenge = noScopes,
  disclosure = 'challenge',
  signIn,
  condition,
}: DecisionParts): Decision {
  return Object.freeze({
    effect: reason === undefined ? 'allow' : 'deny',
    ...(reason !== undefined && { reason }),
    rule: name,
    requiredScopes: required,
    missingScopes: Object.freeze(missing),
    challengeScopes: challenge,
    ...(signIn !== undefined && { signIn }),
    ...(condition !== undefined && { condition }),
    disclosure,
    policy,
    audit: rule.audit,
    sensitive: rule.sensitive,
  });
}

export function union(...lists: readonly (readonly string[])[]): readonly string[] {
  return Object.freeze([...new Set(lists.flat())]);
}
