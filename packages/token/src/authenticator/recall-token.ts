import { tell, type Clock, type Observer, type ObserverEvent } from '@sallyport/core';
import { refuse } from '../refuse.ts';
import type { PrincipalCache } from './principal-cache.ts';
import type { VerifiedToken } from './verified-token.ts';

export interface RecallTokenOptions {
  readonly cache: PrincipalCache;
  readonly clock: Clock;
  readonly clockSkewSeconds: number;
  readonly observer: Observer;
  /** Whether the token is being verified for another request. */
  readonly isUnderWay: (digest: string) => boolean;
}

type LookedUp = Extract<ObserverEvent, { readonly type: 'token.looked_up' }>;

/** Made once: there is one for every request. */
const lookedUp: Readonly<Record<LookedUp['result'], LookedUp>> = {
  hit: { type: 'token.looked_up', result: 'hit' },
  joined: { type: 'token.looked_up', result: 'joined' },
  stale: { type: 'token.looked_up', result: 'stale' },
  miss: { type: 'token.looked_up', result: 'miss' },
};

/**
 * Looks for a cached token that still holds, and tells the observer what was found. Throws `Refusal` `expired` when a JWT has expired
 * since; when an opaque token ends, only its issuer knows.
 */
export function recallToken(options: RecallTokenOptions): (digest: string) => VerifiedToken | undefined {
  const { cache, observer, isUnderWay } = options;
  return (digest) => {
    const entry = cache.get(digest);
    if (entry === undefined) {
      tell(observer, isUnderWay(digest) ? lookedUp.joined : lookedUp.miss);
      return undefined;
    }
    const state = stateOf(entry, options);
    tell(observer, state === 'holds' ? lookedUp.hit : lookedUp.stale);
    if (state === 'holds') return entry;
    if (state !== 'keyless') cache.delete(digest);
    if (state === 'expired') throw refuse('expired', 'exp has passed', { exp: entry.principal.expiresAt });
    return undefined;
  };
}

/** `keyless`: the keys of the issuer can not be used at this moment, and the entry may hold again. */
function stateOf(
  { principal, key, issuer, usableUntilMs }: VerifiedToken,
  { clock, clockSkewSeconds }: RecallTokenOptions,
): 'holds' | 'over' | 'expired' | 'keyless' {
  const expired = clock.now() / 1_000 >= principal.expiresAt + clockSkewSeconds;
  if (key === null) {
    const usable = usableUntilMs !== null && Number(clock.monotonicNs() / 1_000_000n) < usableUntilMs;
    return !expired && usable ? 'holds' : 'over';
  }
  if (expired) return 'expired';
  // Asking for the keys starts a refresh that is due, also when every token comes from here.
  if (issuer.keys.current() === undefined) return 'keyless';
  return key.retired ? 'over' : 'holds';
}
