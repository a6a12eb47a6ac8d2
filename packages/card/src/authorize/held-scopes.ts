import type { Principal } from '@sallyport/core';
import { closureOf } from '../access/closure.ts';
import type { AccessPolicy } from '../card/card.ts';
import type { HeldScopes } from './question.ts';

/**
 * A function from a principal to the declared scopes it holds, with everything they imply. Scopes that the card does not declare mean
 * nothing here. Frozen principals are remembered for as long as they live.
 */
export function createHeldScopes(scopes: AccessPolicy['scopes']): (principal: Principal) => HeldScopes {
  const closures = new Map([...scopes.keys()].map((scope) => [scope, closureOf(scopes, scope)]));
  const known = new WeakMap<Principal, HeldScopes>();
  return (principal) => {
    const cached = known.get(principal);
    if (cached !== undefined) return cached;
    const held = new Set<string>();
    for (const scope of principal.scopes) for (const implied of closures.get(scope) ?? []) held.add(implied);
    if (Object.isFrozen(principal) && Object.isFrozen(principal.scopes)) known.set(principal, held);
    return held;
  };
}
