import type { Decision } from '@sallyport/core';

/**
 * What a decision looks at, in this order: the method, whether there is a rule for the target, its scopes, its groups and roles, its
 * condition, the sign-in.
 */
export type ExplainedCheck = 'method' | 'target' | 'scopes' | 'groups' | 'roles' | 'when' | 'authentication';

/** One check of one rule. */
export interface ExplanationStep {
  readonly check: ExplainedCheck;
  /** As in records: `tools.read-note`, `methods.tools/call`, or `default` where no rule covers what was asked for. */
  readonly rule: string;
  /** `skipped`: an earlier check of the call failed, so this one was not made. */
  readonly outcome: 'pass' | 'fail' | 'skipped';
  /** One line for an operator. Names rules, scopes and groups: not for callers. */
  readonly detail: string;
}

/** Why a call is decided as it is. */
export interface Explanation {
  /** What the authorizer says of the call. */
  readonly decision: Decision;
  /** One line for an operator: what is missing (`needs notes:write`, `group dba required`), or `allowed`. */
  readonly summary: string;
  readonly steps: readonly ExplanationStep[];
}
