import { reasons, type Clock, type Decision, type McpCall, type Principal, type Reason } from '@sallyport/core';
import { createPolicy } from '../authorize/create-policy.ts';
import { Trace } from '../authorize/trace.ts';
import type { Card } from '../card/card.ts';
import type { RegisteredTargets } from '../drift/registered-targets.ts';
import type { Explanation, ExplanationStep } from './explanation.ts';

export interface ExplainDecisionOptions {
  readonly principal: Principal;
  readonly call: McpCall;
  /** As for `createAuthorizer`. */
  readonly registered?: RegisteredTargets;
  /** As for `createAuthorizer`. */
  readonly clock?: Clock;
}

/**
 * Decides a call as `createAuthorizer` does, and says which checks of which rules led there. It is the authorizer's own decision: the
 * checks are written down while they are made. For operators: it names rules, scopes and groups that a caller must not learn.
 */
export function explainDecision(card: Card, options: ExplainDecisionOptions): Explanation {
  const { principal, call, registered, clock } = options;
  const policy = createPolicy(card, { ...(registered && { registered }), ...(clock && { clock }) });
  const trace = new Trace();
  const decision = policy.decide(principal, call, { trace });
  const steps = [methodStep(decision, call), ...trace.steps];
  const failed = steps.find(({ outcome }) => outcome === 'fail');
  const summary = decision.effect === 'allow' ? 'allowed' : (failed?.detail ?? messageOf(decision));
  return Object.freeze({ decision, summary, steps: Object.freeze(steps) });
}

const refusedForMethod: ReadonlySet<Reason | undefined> = new Set(['unknown_method', 'response_refused']);

function methodStep(decision: Decision, { method, kind }: McpCall): ExplanationStep {
  if (refusedForMethod.has(decision.reason))
    return { check: 'method', rule: 'default', outcome: 'fail', detail: messageOf(decision) };
  const rule = `methods.${method}`;
  if (decision.reason === 'notification_refused')
    return { check: 'method', rule, outcome: 'fail', detail: `${method} is allowed, but not as a notification` };
  const isOpen = decision.rule.startsWith('methods.') && decision.requiredScopes.length === 0;
  const detail = isOpen ? 'needs only a valid token' : 'follows its target';
  return { check: 'method', rule, outcome: 'pass', detail: `${kind} ${method}: ${detail}` };
}

function messageOf({ reason = 'internal_error' }: Decision): string {
  return reasons[reason].message;
}
