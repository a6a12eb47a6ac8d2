import type { Clock, Decision, Principal, SignInRequirement } from '@sallyport/core';
import type { TargetRule } from '../card/card.ts';
import { meetsSignIn } from './meets-sign-in.ts';

/** The scopes a caller holds, with everything they imply. */
export type HeldScopes = ReadonlySet<string>;

/** Who calls, as far as rules look at it. */
export interface Caller {
  readonly held: HeldScopes;
  readonly principal: Pick<Principal, 'acr' | 'authTime'>;
}

/** What the decisions of all rules share. */
export interface PolicyFacts {
  /** SHA-256 of the policy. */
  readonly policy: string;
  readonly clock: Clock;
}

/** A rule ready to decide. What is frequent is precomputed; a partly missing set of scopes is put together when it happens. */
export interface CompiledRule {
  /** As in records: `tools.read-note`. */
  readonly name: string;
  readonly rule: TargetRule;
  /** Whether the caller holds the scopes. Says nothing about a condition. */
  isSatisfied(held: HeldScopes): boolean;
  decide(caller: Caller): Decision;
}

/** What an operation needs of this caller: with alternatives, the one of which the caller lacks the fewest scopes. */
interface Need {
  readonly required: readonly string[];
  readonly missing: readonly string[];
}

const none: readonly string[] = Object.freeze([]);

/** Compiles one rule of the card. */
export function compileRule(name: string, rule: TargetRule, { policy, clock }: PolicyFacts): CompiledRule {
  const { scopes, anyOf } = rule;
  const wholes = (anyOf.length === 0 ? [none] : anyOf).map((alternative) => union(scopes, alternative));
  const [onlyWhole] = wholes.length === 1 ? wholes : [];
  const allows = rule.when === undefined ? wholes.map((required) => decision({ name, rule, policy, required })) : [];
  const lacksAll =
    onlyWhole === undefined
      ? undefined
      : insufficient({ name, rule, policy }, { required: onlyWhole, missing: onlyWhole });

  return {
    name,
    rule,
    isSatisfied: (held) => wholes.some((required) => holdsAll(held, required)),
    decide: ({ held, principal }) => {
      for (let index = 0; index < wholes.length; index += 1) {
        const required = wholes[index];
        if (required === undefined || !holdsAll(held, required)) continue;
        const allowed = allows[index];
        if (allowed === undefined) return conditionNotMet({ name, rule, policy }, required, held);
        const signIn = rule.authentication;
        if (signIn === undefined || meetsSignIn(signIn, principal, clock.now() / 1_000)) return allowed;
        return signInNeeded({ name, rule, policy }, required, signIn);
      }
      const need = leastMissing(wholes, held);
      return lacksAll !== undefined && need.missing.length === lacksAll.missingScopes.length
        ? lacksAll
        : insufficient({ name, rule, policy }, need);
    },
  };
}

/**
 * One decision for several rules that all must hold: every scope of all of them is needed. A caller who lacks a scope of a hidden rule
 * learns nothing. Conditions of any rule deny. Of several demands on the sign-in the challenge names the first that is not met.
 */
export function decideTogether(
  name: string,
  rules: readonly CompiledRule[],
  caller: Caller,
  { policy, clock }: PolicyFacts,
): Decision {
  const { held, principal } = caller;
  const decisions = rules.map((compiled) => compiled.decide(caller));
  const required = union(...decisions.map(({ requiredScopes }) => requiredScopes));
  const rule = mergeRules(rules.map((compiled) => compiled.rule));
  const unsatisfied = rules.filter((compiled) => !compiled.isSatisfied(held));
  if (unsatisfied.length > 0) {
    const disclosure = unsatisfied.some((compiled) => compiled.rule.disclosure === 'hide') ? 'hide' : 'challenge';
    const missing = required.filter((scope) => !held.has(scope));
    return insufficient({ name, rule: { ...rule, disclosure }, policy }, { required, missing });
  }
  if (rule.when !== undefined) return conditionNotMet({ name, rule, policy }, required, held);
  for (const { rule: one } of rules) {
    if (one.authentication === undefined || meetsSignIn(one.authentication, principal, clock.now() / 1_000)) continue;
    return signInNeeded({ name, rule, policy }, required, one.authentication);
  }
  return decision({ name, rule, policy, required });
}

function mergeRules(rules: readonly TargetRule[]): TargetRule {
  const when = rules.find((rule) => rule.when !== undefined)?.when;
  const strict = rules.some((rule) => rule.audit.mode === 'strict');
  const mode = strict ? 'strict' : rules.find((rule) => rule.audit.mode !== undefined)?.audit.mode;
  const level = rules.find((rule) => rule.audit.level !== undefined)?.audit.level;
  return {
    scopes: none,
    anyOf: [],
    stepUp: union(...rules.map((rule) => rule.stepUp)),
    disclosure: 'challenge',
    sensitive: union(...rules.map((rule) => rule.sensitive)),
    audit: Object.freeze({ ...(level && { level }), ...(mode && { mode }) }),
    ...(when !== undefined && { when }),
  };
}

interface RuleFacts {
  readonly name: string;
  readonly rule: TargetRule;
  readonly policy: string;
}

function insufficient(facts: RuleFacts, { required, missing }: Need): Decision {
  const isHidden = facts.rule.disclosure === 'hide';
  return decision({
    ...facts,
    required,
    reason: 'insufficient_scope',
    missing,
    challenge: isHidden ? none : required,
    disclosure: facts.rule.disclosure,
  });
}

/**
 * Whoever holds the scopes may know that the target exists, so a condition never hides. The challenge names what could help: the
 * scopes of the operation and of the step-up, unless the caller has them all already.
 */
function conditionNotMet(facts: RuleFacts, required: readonly string[], held: HeldScopes): Decision {
  const missing = facts.rule.stepUp.filter((scope) => !held.has(scope));
  const challenge = missing.length === 0 ? none : union(required, facts.rule.stepUp);
  return decision({ ...facts, required, reason: 'condition', missing, challenge });
}

/** Whoever holds the scopes may know that the target exists, so this never hides either. The scopes are named so that a new token has them. */
function signInNeeded(facts: RuleFacts, required: readonly string[], signIn: SignInRequirement): Decision {
  return decision({ ...facts, required, reason: 'step_up_required', challenge: required, signIn });
}

interface DecisionParts extends RuleFacts {
  readonly required: readonly string[];
  readonly reason?: 'insufficient_scope' | 'condition' | 'step_up_required';
  readonly signIn?: SignInRequirement;
  readonly missing?: readonly string[];
  readonly challenge?: readonly string[];
  readonly disclosure?: 'challenge' | 'hide';
}

function decision({
  name,
  rule,
  policy,
  required,
  reason,
  missing = none,
  challenge = none,
  disclosure = 'challenge',
  signIn,
}: DecisionParts): Decision {
  return Object.freeze({
    effect: reason === undefined ? 'allow' : 'deny',
    ...(reason !== undefined && { reason }),
    rule: name,
    requiredScopes: required,
    missingScopes: Object.freeze(missing),
    challengeScopes: challenge,
    ...(signIn !== undefined && { signIn }),
    disclosure,
    policy,
    audit: rule.audit,
    sensitive: rule.sensitive,
  });
}

function leastMissing(wholes: readonly (readonly string[])[], held: HeldScopes): Need {
  let best: Need | undefined;
  for (const required of wholes) {
    const missing = required.filter((scope) => !held.has(scope));
    if (best === undefined || missing.length < best.missing.length) best = { required, missing };
  }
  return best ?? { required: none, missing: none };
}

function holdsAll(held: HeldScopes, scopes: readonly string[]): boolean {
  for (const scope of scopes) if (!held.has(scope)) return false;
  return true;
}

function union(...lists: readonly (readonly string[])[]): readonly string[] {
  return Object.freeze([...new Set(lists.flat())]);
}
