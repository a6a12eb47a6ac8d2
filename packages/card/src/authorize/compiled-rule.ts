import type { Clock, Decision, Disclosure, FailedCondition } from '@sallyport/core';
import type { TargetRule } from '../card/card.ts';
import type { DeclaredScopes } from '../condition/condition-of.ts';
import type { ConditionKind } from '../condition/variables.ts';
import type { ExplainedCheck } from '../explain/explanation.ts';
import { describeSignIn } from './describe-sign-in.ts';
import { meetsSignIn } from './meets-sign-in.ts';
import type { HeldScopes, Question } from './question.ts';
import { compileConditions } from './rule-conditions.ts';
import { allowed, conditionNotMet, insufficient, noScopes, signInNeeded, union, type Need } from './rule-decision.ts';
import type { TracedRule } from './trace.ts';

/** What the decisions of all rules share. */
export interface PolicyFacts {
  /** SHA-256 of the policy. */
  readonly policy: string;
  readonly declared: DeclaredScopes;
  readonly clock: Clock;
}

/** A rule ready to decide. What is frequent is precomputed; a partly missing set of scopes is put together when it happens. */
export interface CompiledRule extends TracedRule {
  readonly rule: TargetRule;
  /** Whether a condition looks at the call or its target, so that several targets of the rule can differ. */
  readonly dependsOnTarget: boolean;
  /** Whether a list shows the target: the caller holds the scopes, and meets what can be known without a call. */
  isSeen(question: Question): boolean;
  decide(question: Question, target: string): Decision;
  /** The checks of `decide`, one by one. */
  need(question: Question): Need;
  findFailed(question: Question, target: string): FailedCondition | undefined;
  stepUpFor(failed: FailedCondition): readonly string[];
  /** Whether the caller learns of the target although this condition fails. */
  disclosureOf(failed: FailedCondition): Disclosure;
  meetsSignIn(question: Question): boolean;
}

/** Compiles one rule of the card. */
export function compileRule(
  name: string,
  rule: TargetRule,
  kind: ConditionKind,
  policyFacts: PolicyFacts,
): CompiledRule {
  const { policy, declared, clock } = policyFacts;
  const { scopes, anyOf, authentication } = rule;
  const facts = { name, rule, policy };
  const wholes = (anyOf.length === 0 ? [noScopes] : anyOf).map((alternative) => union(scopes, alternative));
  const satisfied = wholes.map((required): Need => Object.freeze({ required, missing: noScopes }));
  const allows = wholes.map((required) => allowed(facts, required));
  const [onlyWhole] = wholes.length === 1 ? wholes : [];
  const lacksAll =
    onlyWhole === undefined ? undefined : insufficient(facts, { required: onlyWhole, missing: onlyWhole });
  const conditions = compileConditions(rule, { rule: name, kind, declared });
  const disclosureOf = (failed: FailedCondition): Disclosure =>
    rule.disclosure === 'hide' && conditions.isByCaller(failed) ? 'hide' : 'challenge';
  // What can fail in a rule is known when it is compiled, so there are not many of these.
  const denials = new Map<FailedCondition, Decision>();
  const notMet = (condition: FailedCondition, required: readonly string[], held: HeldScopes): Decision => {
    const stepUp = conditions.stepUpFor(condition);
    const failed = { condition, required, stepUp, disclosure: disclosureOf(condition) };
    if (onlyWhole === undefined || stepUp.some((scope) => held.has(scope))) return conditionNotMet(facts, held, failed);
    const decision = denials.get(condition) ?? conditionNotMet(facts, held, failed);
    denials.set(condition, decision);
    return decision;
  };
  const satisfiedBy = (held: HeldScopes): number => wholes.findIndex((required) => holdsAll(held, required));

  const compiled: CompiledRule = {
    name,
    rule,
    checks: checksOf(rule),
    dependsOnTarget: conditions.dependsOnTarget,
    isSeen: (question) => satisfiedBy(question.held) !== -1 && conditions.findFailedByCaller(question) === undefined,
    need: ({ held, trace }) => {
      const need = satisfied[satisfiedBy(held)] ?? leastMissing(wholes, held);
      trace?.add('scopes', name, need.missing.length === 0, describeNeed(need));
      return need;
    },
    findFailed: conditions.findFailed,
    stepUpFor: conditions.stepUpFor,
    disclosureOf,
    meetsSignIn: ({ principal, trace, gaps }) => {
      if (authentication === undefined) return true;
      const passed = gaps?.meetsSignIn(authentication) ?? meetsSignIn(authentication, principal, clock.now() / 1_000);
      trace?.add('authentication', name, passed, describeSignIn(authentication, passed));
      return passed;
    },
    decide: (question, target) => {
      question.trace?.involve(compiled);
      const need = compiled.need(question);
      const { required, missing } = need;
      if (missing.length > 0)
        return missing.length === lacksAll?.missingScopes.length ? lacksAll : insufficient(facts, need);
      const condition = conditions.findFailed(question, target);
      if (condition !== undefined) return notMet(condition, required, question.held);
      if (authentication !== undefined && !compiled.meetsSignIn(question))
        return signInNeeded(facts, required, authentication);
      return allows[satisfied.indexOf(need)] ?? allowed(facts, required);
    },
  };
  return Object.freeze(compiled);
}

function checksOf({ groups, roles, when, authentication }: TargetRule): readonly ExplainedCheck[] {
  return [
    'scopes',
    ...(groups.length > 0 ? (['groups'] as const) : []),
    ...(roles.length > 0 ? (['roles'] as const) : []),
    ...(when === undefined ? [] : (['when'] as const)),
    ...(authentication === undefined ? [] : (['authentication'] as const)),
  ];
}

function describeNeed({ required, missing }: Need): string {
  if (missing.length > 0) return `needs ${missing.join(' ')}`;
  return required.length === 0 ? 'any valid token' : `holds ${required.join(' ')}`;
}

function leastMissing(wholes: readonly (readonly string[])[], held: HeldScopes): Need {
  let best: Need | undefined;
  for (const required of wholes) {
    const missing = required.filter((scope) => !held.has(scope));
    if (best === undefined || missing.length < best.missing.length) best = { required, missing };
  }
  return best ?? { required: noScopes, missing: noScopes };
}

function holdsAll(held: HeldScopes, scopes: readonly string[]): boolean {
  for (const scope of scopes) if (!held.has(scope)) return false;
  return true;
}
