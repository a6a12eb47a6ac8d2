import { Refusal, type RevocationList } from '@sallyport/core';
import type { VerifiedToken } from '../authenticator/verified-token.ts';
import { refuse } from '../refuse.ts';

/**
 * Checks on every use of a token, cached or not, that it was not revoked. At once where nothing has to be waited for.
 *
 * Throws or rejects with `Refusal`: `revoked`, or `store_down` when nobody can say.
 */
export type RevocationCheck = (verified: Pick<VerifiedToken, 'principal'>) => void | Promise<void>;

/** Without a list of revocations nothing is revoked. A list that can not be asked stops every token: it never means "not revoked". */
export function createRevocationCheck(list?: RevocationList): RevocationCheck {
  if (list === undefined) return () => undefined;
  return ({ principal }) => {
    let revoked: boolean | Promise<boolean>;
    try {
      revoked = list.isRevoked(principal);
    } catch (cause) {
      throw notKnown(cause);
    }
    if (typeof revoked === 'boolean') return requireNotRevoked(revoked);
    return revoked.then(requireNotRevoked, (cause: unknown) => {
      throw notKnown(cause);
    });
  };
}

function requireNotRevoked(revoked: boolean): void {
  if (revoked) throw refuse('revoked', 'the token, its session or its subject was revoked');
}

function notKnown(cause: unknown): Refusal {
  return cause instanceof Refusal ? cause : new Refusal('store_down', { retryAfterSeconds: 1, cause });
}
