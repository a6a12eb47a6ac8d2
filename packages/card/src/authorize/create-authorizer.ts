import type { Authorizer, Clock } from '@sallyport/core';
import type { Card } from '../card/card.ts';
import type { RegisteredTargets } from '../drift/registered-targets.ts';
import { createPolicy } from './create-policy.ts';

export interface CreateAuthorizerOptions {
  /**
   * What the server registers, from `listRegistered`. Targets that it does not register are refused as unknown even when the card
   * declares them. Without it, every target outside the card is refused as not in the card.
   */
  readonly registered?: RegisteredTargets;
  /** Tells how long ago a sign-in was, where a target asks. Default: the system's. */
  readonly clock?: Clock;
}

/**
 * Compiles the policy of a card into an `Authorizer`: default deny, exact and case-sensitive names, no I/O, no state but a memory of
 * which scopes a frozen principal holds. The cost of a decision does not depend on the number of tools.
 *
 * Scopes are looked at first, then groups, roles and the condition in CEL, then the sign-in (RFC 9470). What is not true denies: a
 * condition that can not be evaluated, or that needs too many steps for the arguments, as well. All conditions of a decision together
 * have a bounded cost.
 *
 * It does not decide posted responses, which belong to sessions: they are refused with reason `response_refused`.
 */
export function createAuthorizer(card: Card, options: CreateAuthorizerOptions = {}): Authorizer {
  const { decide, sees } = createPolicy(card, options);
  return {
    policy: card.policy,
    decide: (principal, call) => decide(principal, call),
    sees: (principal, target, template = false) => sees(principal, target, template),
  };
}
