import type { FailedCondition, McpCall, Principal, RecordedArguments } from '@sallyport/core';
import type { PrincipalFact } from '../authorize/missing-fact.ts';

/** A call as far as its record tells of it. */
export interface PartlyKnownCall {
  /** The caller, frozen. What stands here for a fact that is `unknown` is not looked at, except that the `scopes` are held at least. */
  readonly principal: Principal;
  /** The call; its arguments are `arguments.value`. */
  readonly call: McpCall;
  readonly unknown: ReadonlySet<PrincipalFact>;
  readonly arguments: RecordedArguments;
  /** When it was recorded, as in the record: at most a minute after it was decided. */
  readonly at: string;
  /** The condition that did not hold when the call was decided first. */
  readonly failed: RecordedFailure | undefined;
}

/** A condition that did not hold: for `groups` and `roles` the names, for `when` the expression, in full. */
export type RecordedFailure = Pick<FailedCondition, 'field' | 'expression'>;
