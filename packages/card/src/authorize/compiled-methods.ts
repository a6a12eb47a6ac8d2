import type { Decision } from '@sallyport/core';
import { fixedDecision } from './fixed-decisions.ts';
import { methodTable, type MethodRule } from './method-table.ts';

/** A method and the decisions that depend on nothing else. */
export interface CompiledMethod {
  readonly rule: MethodRule;
  readonly legacyOnly: boolean;
  readonly allow: Decision;
  /** For a call whose target is missing or of another kind. */
  readonly refuse: Decision;
  readonly notificationRefused: Decision;
}

const unknownReasons = {
  tool: 'unknown_tool',
  resource: 'unknown_resource',
  prompt: 'unknown_prompt',
  task: 'unknown_task',
} as const;

/** The methods of both eras, for the policy with this hash. */
export function compileMethods(policy: string): ReadonlyMap<string, CompiledMethod> {
  return new Map([...methodTable].map(([method, rule]) => [method, compileMethod(method, rule, policy)]));
}

function compileMethod(method: string, rule: MethodRule, policy: string): CompiledMethod {
  const name = `methods.${method}`;
  const kind = rule.kind === 'target' ? (rule.targets[0] ?? 'tool') : 'resource';
  return {
    rule,
    legacyOnly: 'legacyOnly' in rule,
    allow: fixedDecision(name, policy),
    refuse: fixedDecision('default', policy, unknownReasons[kind]),
    notificationRefused: fixedDecision(name, policy, 'notification_refused'),
  };
}
