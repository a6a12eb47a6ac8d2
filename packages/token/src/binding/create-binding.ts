import { createMemoryReplaySet, type Clock, type Principal, type ReplaySet } from '@sallyport/core';
import type { PresentedToken } from '../authenticator/presented-token.ts';
import type { VerifiedToken } from '../authenticator/verified-token.ts';
import { refuse } from '../refuse.ts';
import { resolveDpop, type DpopOptions } from './dpop-options.ts';
import { createNonceSource } from './nonce-source.ts';
import { createProofVerifier, type ProofVerifier } from './proof-verifier.ts';
import { requireCertificate } from './require-certificate.ts';
import { requireFirstUse } from './require-first-use.ts';

/** How tokens are bound, and the check of it. */
export interface Binding {
  /**
   * Checks that a request holds what its token is bound to and gives the principal: the very same object for every request with the same
   * token. At once where nothing has to be waited for.
   *
   * Throws or rejects with `Refusal`: `binding_mismatch`, `untrusted_header`, `dpop_required`, the `dpop_…` reasons of a proof, `replay`;
   * `replay_store_down` (503).
   */
  check(presented: PresentedToken, verified: VerifiedToken): Principal | Promise<Principal>;
  /** The nonce that proofs must carry now; `undefined` when none is demanded. */
  nonce(): string | undefined;
}

export interface BindingOptions {
  /** The resource identifier, as configured. */
  readonly resource: string;
  readonly dpop?: DpopOptions | undefined;
  /** Remembers the proofs that were used. Default: in memory, for this process alone. */
  readonly replaySet?: ReplaySet | undefined;
  readonly clock: Clock;
}

/** Proofs remembered in memory at a time: about 40 MB, and at the default window more than 3,000 proofs a second. */
const MAX_PROOFS = 250_000;

/**
 * Makes the check of how tokens are bound: a token bound to a key proves nothing without that key (RFC 7800 §3, RFC 9449 §7, RFC 8705 §3).
 * A token that is bound in two ways must be proven in both. Throws `SetupError` when the options are wrong.
 */
export function createBinding(options: BindingOptions): Binding {
  const { resource, clock } = options;
  const dpop = resolveDpop(options.dpop, resource);
  const replays = options.replaySet ?? createMemoryReplaySet({ maxEntries: MAX_PROOFS, clock });
  const nonces =
    dpop.mode !== 'off' && dpop.nonce
      ? createNonceSource({ resource, key: dpop.nonceKey, lifetimeSeconds: dpop.nonceLifetimeSeconds, clock })
      : undefined;
  const verifyProof = dpop.mode === 'off' ? undefined : createProofVerifier({ ...dpop, resource, nonces, clock });
  /** The principals of bound tokens. One per verified token, so that what others keep beside a principal is found again. */
  const proven = new WeakMap<VerifiedToken, Principal>();

  function prove(verified: VerifiedToken, proof: 'dpop' | 'mtls'): Principal {
    const known = proven.get(verified);
    if (known !== undefined) return known;
    const principal = Object.freeze({ ...verified.principal, proof });
    proven.set(verified, principal);
    return principal;
  }

  async function checkDpop(
    verify: ProofVerifier,
    presented: PresentedToken,
    verified: VerifiedToken,
  ): Promise<Principal> {
    const { jkt, 'x5t#S256': certificate } = verified.confirmation ?? {};
    if (jkt === undefined) throw refuse('binding_mismatch', 'a token that is not bound to a DPoP key was sent as one');
    const proof = await verify(presented, jkt);
    if (certificate !== undefined) requireCertificate(presented, certificate);
    await requireFirstUse(proof, replays, clock);
    return prove(verified, 'dpop');
  }

  function checkBearer(presented: PresentedToken, verified: VerifiedToken): Principal {
    const { confirmation } = verified;
    if (confirmation?.jkt !== undefined)
      throw refuse('binding_mismatch', 'a token bound to a DPoP key was sent as a bearer token');
    if (dpop.mode === 'require') throw refuse('dpop_required', 'a token that is not bound to a DPoP key was sent');
    if (confirmation === null) return verified.principal;
    const certificate = confirmation['x5t#S256'];
    if (certificate === undefined)
      throw refuse('binding_mismatch', 'the token is bound in a way that can not be checked');
    requireCertificate(presented, certificate);
    return prove(verified, 'mtls');
  }

  return {
    check(presented, verified) {
      if (presented.scheme === 'bearer') return checkBearer(presented, verified);
      if (verifyProof === undefined) throw refuse('binding_mismatch', 'DPoP is off');
      return checkDpop(verifyProof, presented, verified);
    },
    nonce: () => nonces?.current(),
  };
}
