import type { Decision } from '@sallyport/core';
import type { TargetRule } from '../card/card.ts';

/** The scopes a caller holds, with everything they imply. */
export type HeldScopes = ReadonlySet<string>;

/** A rule ready to decide. What is frequent is precomputed; a partly missing set of scopes is put together when it happens. */
export interface CompiledRule {
  /** As in records: `tools.read-note`. */
  readonly name: string;
  readonly rule: TargetRule;
  /** Whether the caller holds the scopes. Says nothing about a condition. */
  isSatisfied(held: HeldScopes): boolean;
  decide(held: HeldScopes): Decision;
}

/** What an operation needs of this caller: with alternatives, the one of which the caller lacks the fewest scopes. */
interface Need {
  readonly required: readonly string[];
  readonly missing: readonly string[];
}

const none: readonly string[] = Object.freeze([]);

/** Compiles one rule of the card. */
export function compileRule(name: string, rule: TargetRule, policy: string): CompiledRule {
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
    decide: (held) => {
      for (let index = 0; index < wholes.length; index += 1) {
        const required = wholes[index];
        if (required === undefined || !holdsAll(held, required)) continue;
        return allows[index] ?? conditionNotMet({ name, rule, policy }, required, held);
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
 * learns nothing. Conditions of any rule deny.
 */
export function decideTogether(
  name: string,
  rules: readonly CompiledRule[],
  held: HeldScopes,
  policy: string,
): Decision {
  const decisions = rules.map((compiled) => compiled.decide(held));
  const required = union(...decisions.map(({ requiredScopes }) => requiredScopes));
  const rule = mergeRules(rules.map((compiled) => compiled.rule));
  const unsatisfied = rules.filter((compiled) => !compiled.isSatisfied(held));
  if (unsatisfied.length > 0) {
    const disclosure = unsatisfied.some((compiled) => compiled.rule.disclosure === 'hide') ? 'hide' : 'challenge';
    const missing = required.filter((scope) => !held.has(scope));
    return insufficient({ name, rule: { ...rule, disclosure }, policy }, { required, missing });
  }
  if (rule.when !== undefined) return conditionNotMet({ name, rule, policy }, required, held);
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

interface DecisionParts extends RuleFacts {
  readonly required: readonly string[];
  readonly reason?: 'insufficient_scope' | 'condition';
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
}: DecisionParts): Decision {
  return Object.freeze({
    effect: reason === undefined ? 'allow' : 'deny',
    ...(reason !== undefined && { reason }),
    rule: name,
    requiredScopes: required,
    missingScopes: Object.freeze(missing),
    challengeScopes: challenge,
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
