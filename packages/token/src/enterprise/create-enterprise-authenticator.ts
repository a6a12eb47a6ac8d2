import { isJsonObject, Refusal, type Principal, type Reason } from '@sallyport/core';
import type { Authenticator } from '../authenticator/authenticator.ts';

/** Reasons that say it best themselves: the token is genuine, but not for us, of another kind, or taken back. */
const ownReasons: ReadonlySet<Reason> = new Set(['aud_mismatch', 'typ_mismatch', 'token_type_confusion', 'revoked']);

/**
 * Makes an authenticator for tokens that a trusted proxy puts into a header of their own. It checks them as `tokens` does, and says of
 * its principals that they were proven by `enterprise`. Who may send such a header, and what it means beside another credential, is
 * decided elsewhere: see `readEnterpriseToken` and `decideIdentity`.
 *
 * Every other kind of credential that is a token in a header (assertions that a gateway signs) is another authenticator like this one.
 *
 * It refuses with `aud_mismatch`, `typ_mismatch`, `token_type_confusion`, `revoked` and `enterprise_invalid`, the true reason of which is
 * in its detail, and passes 403 and 503 on.
 */
export function createEnterpriseAuthenticator(tokens: Authenticator): EnterpriseAuthenticator {
  const marked = new WeakMap<Principal, Principal>();

  /** The same object for the same token, so that what is remembered by principal is remembered. */
  function mark(principal: Principal): Principal {
    const known = marked.get(principal);
    if (known !== undefined) return known;
    const proven: Principal = Object.freeze({ ...principal, proof: 'enterprise' });
    marked.set(principal, proven);
    return proven;
  }

  return {
    authenticate(token) {
      try {
        const outcome = tokens.authenticate({ scheme: 'bearer', token, method: '', proofs: [] });
        return outcome instanceof Promise ? outcome.then(mark, rethrow) : mark(outcome);
      } catch (error) {
        return rethrow(error);
      }
    },
    verifyLogout: (token, carryOut) => tokens.verifyLogout(token, carryOut),
    start: () => tokens.start(),
    status: () => tokens.status(),
    close: () => tokens.close(),
  };
}

export interface EnterpriseAuthenticator extends Pick<Authenticator, 'verifyLogout' | 'start' | 'status' | 'close'> {
  /** The frozen principal of a token: at once when the token was verified before. Throws or rejects with `Refusal`. */
  authenticate(token: string): Principal | Promise<Principal>;
}

function rethrow(error: unknown): never {
  if (!(error instanceof Refusal) || error.status !== 401) throw error;
  const detail = { source: 'enterprise', ...(isJsonObject(error.detail) && error.detail) };
  if (ownReasons.has(error.reason)) throw new Refusal(error.reason, { detail, cause: error });
  throw new Refusal('enterprise_invalid', { detail: { reason: error.reason, ...detail }, cause: error });
}
