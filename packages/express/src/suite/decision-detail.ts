import { boundedText, type Decision, type FailedCondition, type JsonObject, type Principal } from '@sallyport/core';

/** Characters of an expression that a record quotes; the policy it comes from is named by its hash. */
const maxExpression = 256;

/**
 * What a record says about a denied call besides the decision: for a condition that did not hold, which one and why; for a sign-in
 * that did not do, what the token says of it.
 */
export function decisionDetail(
  { reason, condition }: Decision,
  { acr, authTime }: Principal,
): { readonly detail?: JsonObject } {
  if (condition !== undefined) return { detail: { condition: conditionDetail(condition) } };
  return reason === 'step_up_required' ? { detail: { acr, authTime } } : {};
}

function conditionDetail({ rule, field, expression, result, problem }: FailedCondition): JsonObject {
  return {
    rule,
    field,
    expression: boundedText(expression, maxExpression),
    result,
    ...(problem !== undefined && { problem }),
  };
}
