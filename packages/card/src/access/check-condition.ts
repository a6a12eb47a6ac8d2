import { CardProblem, type DocumentPath } from '../card/card-problem.ts';
import { conditionOf } from '../condition/condition-of.ts';
import { ConditionProblem } from '../condition/condition-problem.ts';
import type { ReadRuleContext } from './read-target-rule.ts';

/** Parses and type-checks the condition of a rule. What is wrong is added to the problems of the card. */
export function checkCondition(when: string, path: DocumentPath, { kind, declared, problems }: ReadRuleContext): void {
  try {
    conditionOf(when, { kind, declared });
  } catch (error) {
    if (!(error instanceof ConditionProblem)) throw error;
    problems.add(new CardProblem(path, error.problem, error.remedy));
  }
}
