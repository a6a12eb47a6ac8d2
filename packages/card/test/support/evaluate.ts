import type { JsonObject, Principal } from '@sallyport/core';
import { compileCondition, type Condition } from '../../src/condition/compile-condition.ts';
import { ConditionProblem } from '../../src/condition/condition-problem.ts';
import { Meter } from '../../src/condition/meter.ts';
import type { ConditionKind } from '../../src/condition/variables.ts';
import { call, principalWith } from './calls.ts';

const declared: ReadonlyMap<string, unknown> = new Map([
  ['s1', {}],
  ['payments:write', {}],
  ['payments:large', {}],
]);

export function compile(expression: string, kind: ConditionKind = 'tool'): Condition {
  return compileCondition(expression, { kind, declared });
}

/** What is wrong with an expression: the problem and the remedy. */
export function problemOf(expression: string, kind: ConditionKind = 'tool'): readonly [string, string] {
  try {
    compile(expression, kind);
  } catch (error) {
    if (error instanceof ConditionProblem) return [error.problem, error.remedy];
    throw error;
  }
  throw new Error(`${expression} has no problem`);
}

export interface EvaluateOptions {
  readonly args?: unknown;
  readonly scopes?: readonly string[];
  readonly principal?: Partial<Principal>;
}

/** `true`, `false`, or why a condition of a tool could not be evaluated. */
export function evaluate(expression: string, { args, scopes = [], principal }: EvaluateOptions = {}): boolean | string {
  const caller = Object.freeze({ ...principalWith(...scopes), ...principal });
  const request = { ...call('tools/call', 'tool', 't'), arguments: args as JsonObject | undefined };
  const facts = { principal: caller, held: new Set(scopes), call: request, target: 't' };
  const failure = compile(expression).evaluate(facts, new Meter());
  if (failure === undefined) return true;
  return failure.result === false ? false : failure.problem;
}
