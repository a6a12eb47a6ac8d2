import { reasons, type Refusal } from '@sallyport/core';
import { formatChallenges } from '@sallyport/token';
import type { Passage } from '../passage/passage.ts';

/** One field line for every scheme that could help. */
export function challengesFor(passage: Passage, refusal: Refusal): string[] | undefined {
  const { resourceMetadata, signInScope, dpop } = passage.runtime.challenge;
  const { challenge, message: description } = reasons[refusal.shownAs];
  // A bound token that was sent as a bearer token is wrong in one scheme and unproven in the other.
  const inBoth = refusal.shownAs === 'binding_mismatch' && passage.attempted === 'bearer';
  const common = { resourceMetadata, dpop, attempted: inBoth ? undefined : passage.attempted };
  switch (challenge) {
    case 'none':
      return undefined;
    case 'metadata':
      return formatChallenges(common);
    case 'bare':
      return formatChallenges({ ...common, scope: signInScope });
    case 'invalid_token':
    case 'invalid_request':
    case 'invalid_dpop_proof':
    case 'use_dpop_nonce':
      return formatChallenges({ ...common, error: challenge, description, scope: signInScope });
    case 'insufficient_user_authentication':
      return formatChallenges({
        ...common,
        error: challenge,
        description,
        scope: scopesOf(passage, refusal),
        signIn: passage.decision?.signIn,
      });
    case 'insufficient_scope': {
      const scope = scopesOf(passage, refusal);
      return formatChallenges(scope.length === 0 ? common : { ...common, error: challenge, description, scope });
    }
  }
}

/**
 * The scopes of the operation; where it is configured, then those that the token has already. Scopes that the card does not declare mean
 * nothing here, and asking for them again may be refused.
 */
function scopesOf({ principal, runtime }: Passage, refusal: Refusal): readonly string[] {
  const needed = refusal.scopes ?? [];
  if (!runtime.config.stepUp.repeatGrantedScopes || needed.length === 0 || !principal) return needed;
  return [...needed, ...principal.scopes.filter((scope) => runtime.targets.scopes.has(scope))];
}
