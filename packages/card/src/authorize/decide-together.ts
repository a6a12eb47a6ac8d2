import type { Decision } from '@sallyport/core';
import type { TargetRule } from '../card/card.ts';
import type { CompiledRule, PolicyFacts } from './compiled-rule.ts';
import type { Question } from './question.ts';
import { allowed, conditionNotMet, insufficient, noScopes, signInNeeded, union } from './rule-decision.ts';

/** A rule and one of the targets it is asked about. */
export interface AskedRule {
  readonly compiled: CompiledRule;
  readonly target: string;
}

/**
 * One decision for several rules that all must hold: every scope of all of them is needed. A caller who lacks a scope of a hidden rule,
 * or whatever else no call is needed for, learns nothing. Every condition must hold; the challenge names step-up scopes only when they may help with all that did not. Of
 * several demands on the sign-in it names the first that is not met.
 */
export function decideTogether(
  name: string,
  asked: readonly AskedRule[],
  question: Question,
  { policy }: PolicyFacts,
): Decision {
  const rules = [...new Set(asked.map(({ compiled }) => compiled))];
  for (const compiled of rules) question.trace?.involve(compiled);
  const facts = { name, rule: mergeRules(rules.map(({ rule }) => rule)), policy };

  const needs = rules.map((compiled) => ({ compiled, ...compiled.need(question) }));
  const required = union(...needs.map((need) => need.required));
  const unsatisfied = needs.filter(({ missing }) => missing.length > 0);
  if (unsatisfied.length > 0) {
    const disclosure = unsatisfied.some(({ compiled }) => compiled.rule.disclosure === 'hide') ? 'hide' : 'challenge';
    const missing = required.filter((scope) => !question.held.has(scope));
    return insufficient({ ...facts, rule: { ...facts.rule, disclosure } }, { required, missing });
  }

  const failed = asked.flatMap(({ compiled, target }) => {
    const condition = compiled.findFailed(question, target);
    return condition === undefined ? [] : [{ condition, compiled, stepUp: compiled.stepUpFor(condition) }];
  });
  const [first] = failed;
  if (first !== undefined) {
    const helps = failed.every(({ stepUp }) => stepUp.some((scope) => !question.held.has(scope)));
    const stepUp = helps ? union(...failed.map((one) => one.stepUp)) : noScopes;
    const isHidden = failed.some(({ compiled, condition }) => compiled.disclosureOf(condition) === 'hide');
    const disclosure = isHidden ? 'hide' : 'challenge';
    return conditionNotMet(facts, question.held, { condition: first.condition, required, stepUp, disclosure });
  }

  const signIn = rules.find((compiled) => !compiled.meetsSignIn(question))?.rule.authentication;
  return signIn === undefined ? allowed(facts, required) : signInNeeded(facts, required, signIn);
}

function mergeRules(rules: readonly TargetRule[]): Pick<TargetRule, 'audit' | 'sensitive' | 'disclosure'> {
  const strict = rules.some((rule) => rule.audit.mode === 'strict');
  const mode = strict ? 'strict' : rules.find((rule) => rule.audit.mode !== undefined)?.audit.mode;
  const level = rules.find((rule) => rule.audit.level !== undefined)?.audit.level;
  return {
    disclosure: 'challenge',
    sensitive: union(...rules.map((rule) => rule.sensitive)),
    audit: Object.freeze({ ...(level && { level }), ...(mode && { mode }) }),
  };
}
