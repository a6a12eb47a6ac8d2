import type { FailedCondition } from '@sallyport/core';
import type { TargetRule } from '../card/card.ts';
import { conditionOf, type DeclaredScopes } from '../condition/condition-of.ts';
import type { ConditionFailure } from '../condition/compile-condition.ts';
import type { ConditionKind } from '../condition/variables.ts';
import type { Question } from './question.ts';

/** The conditions of one rule: groups, roles and `when`, in this order. */
export interface RuleConditions {
  /** The first that does not hold, or `undefined`. `target` is the name or URI that is asked for. */
  readonly findFailed: (question: Question, target: string) => FailedCondition | undefined;
  /** As `findFailed`, of those that need no call. */
  readonly findFailedByCaller: (question: Question) => FailedCondition | undefined;
  /** Scopes with which this one may hold. */
  readonly stepUpFor: (failed: FailedCondition) => readonly string[];
  /** Whether it can fail without a call: then no list shows the target to the caller. */
  readonly isByCaller: (failed: FailedCondition) => boolean;
  /** Whether several targets of the same rule can differ. */
  readonly dependsOnTarget: boolean;
}

const noScopes: readonly string[] = Object.freeze([]);
const none: RuleConditions = Object.freeze({
  findFailed: () => undefined,
  findFailedByCaller: () => undefined,
  stepUpFor: () => noScopes,
  isByCaller: () => false,
  dependsOnTarget: false,
});

interface Check {
  /** Whether it can be made without a call. */
  readonly byCaller: boolean;
  run(question: Question, target: string): FailedCondition | undefined;
}

export interface RuleConditionsOptions {
  /** Name of the rule, as in records. */
  readonly rule: string;
  readonly kind: ConditionKind;
  readonly declared: DeclaredScopes;
}

/** Compiles the conditions of a rule. */
export function compileConditions(rule: TargetRule, options: RuleConditionsOptions): RuleConditions {
  const checks = [
    ...membership('groups', rule.groups, options.rule),
    ...membership('roles', rule.roles, options.rule),
    ...evaluation(rule, options),
  ];
  if (checks.length === 0) return none;
  const byCaller = checks.filter((check) => check.byCaller);
  return Object.freeze({
    findFailed: (question: Question, target: string) => firstFailed(checks, question, target),
    findFailedByCaller: (question: Question) => firstFailed(byCaller, question, ''),
    stepUpFor: ({ field }: FailedCondition) => (field === 'when' ? rule.stepUp : noScopes),
    isByCaller: ({ field }: FailedCondition) => field !== 'when' || byCaller.length === checks.length,
    dependsOnTarget: byCaller.length < checks.length,
  });
}

function firstFailed(checks: readonly Check[], question: Question, target: string): FailedCondition | undefined {
  for (const check of checks) {
    const failed = check.run(question, target);
    if (failed !== undefined) return failed;
  }
  return undefined;
}

/** At least one of the names must be among those of the caller. */
function membership(field: 'groups' | 'roles', names: readonly string[], rule: string): readonly Check[] {
  if (names.length === 0) return [];
  const one = field === 'groups' ? 'group' : 'role';
  const expression = names.join(', ');
  const message = names.length === 1 ? `${one} ${expression} required` : `one of the ${field} ${expression} required`;
  const failed: FailedCondition = Object.freeze({ rule, field, expression, result: false, message });
  const isMember = ({ principal, gaps }: Question): boolean =>
    gaps?.membership(field, names) ?? principal[field].some((name) => names.includes(name));
  return [
    {
      byCaller: true,
      run: (question) => {
        const passed = isMember(question);
        question.trace?.add(field, rule, passed, passed ? `has one of the ${field} ${expression}` : message);
        return passed ? undefined : failed;
      },
    },
  ];
}

function evaluation({ when }: TargetRule, { rule, kind, declared }: RuleConditionsOptions): readonly Check[] {
  if (when === undefined) return [];
  const condition = conditionOf(when, { kind, declared });
  const base = { rule, field: 'when', expression: when } as const;
  const isFalse: FailedCondition = Object.freeze({ ...base, result: false, message: `condition not met: ${when}` });
  // The condition gives the same failure for the same problem.
  const errors = new Map<ConditionFailure, FailedCondition>();
  const asFailed = (failure: ConditionFailure): FailedCondition => {
    if (failure.result === false) return isFalse;
    const known = errors.get(failure);
    if (known !== undefined) return known;
    const failed = Object.freeze({ ...base, ...failure, message: `condition failed: ${failure.problem}` });
    errors.set(failure, failed);
    return failed;
  };
  return [
    {
      byCaller: condition.principalOnly,
      run: ({ principal, held, call, trace, gaps, meter }, target) => {
        const facts = { principal, held, target, ...(call !== undefined && { call }) };
        if (gaps !== undefined) return gaps.holds(condition, facts) ? undefined : isFalse;
        const failure = condition.evaluate(facts, meter);
        if (failure === undefined) {
          trace?.add('when', rule, true, `holds: ${when}`);
          return undefined;
        }
        const failed = asFailed(failure);
        trace?.add('when', rule, false, failed.message);
        return failed;
      },
    },
  ];
}
