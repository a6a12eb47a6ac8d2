import type { Decision, Reason } from '@sallyport/core';

const none: readonly string[] = Object.freeze([]);
const noAudit: Decision['audit'] = Object.freeze({});

const aboutTargets: ReadonlySet<Reason> = new Set([
  'unknown_tool',
  'tool_not_in_card',
  'unknown_resource',
  'resource_not_in_card',
  'unknown_prompt',
  'prompt_not_in_card',
  'unknown_task',
]);

/** A decision that depends on nothing but the method. */
export function fixedDecision(rule: string, policy: string, reason?: Reason): Decision {
  return Object.freeze({
    effect: reason === undefined ? 'allow' : 'deny',
    ...(reason !== undefined && { reason }),
    rule,
    requiredScopes: none,
    missingScopes: none,
    challengeScopes: none,
    // A target that nobody may know of and one that does not exist are refused in the same way.
    disclosure: reason !== undefined && aboutTargets.has(reason) ? 'hide' : 'challenge',
    policy,
    audit: noAudit,
    sensitive: none,
  });
}
