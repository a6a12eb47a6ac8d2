import {
  createMemoryReplaySet,
  logEvent,
  noopObserver,
  type Principal,
  Refusal,
  silentLogger,
  systemClock,
} from '@sallyport/core';
import { createBinding } from '../binding/create-binding.ts';
import { defaultKeyTiming, scheduleTimer, type KeyTiming, type Schedule } from '../keys/key-timing.ts';
import { logoutIssuersOf } from '../logout/logout-issuers.ts';
import { createUsedLogouts } from '../logout/used-logouts.ts';
import { verifyLogoutToken } from '../logout/verify-logout-token.ts';
import { createRevocationCheck } from '../revocation/create-revocation-check.ts';
import type { Authenticator, AuthenticatorOptions } from './authenticator.ts';
import { invalid } from './invalid.ts';
import { createIssuerSet } from './issuer-set.ts';
import type { Issuer } from './issuer.ts';
import type { PresentedToken } from './presented-token.ts';
import { PrincipalCache, tokenDigest } from './principal-cache.ts';
import { recallToken } from './recall-token.ts';
import { routeToken } from './route-token.ts';
import type { VerifiedToken } from './verified-token.ts';
import { verifyToken } from './verify-token.ts';

/** Node's headers end at 16 KiB together, so no longer token can arrive. */
const MAX_TOKEN_LENGTH = 16_384;
const MAX_CACHE_BYTES = 32 * 1_048_576;
/** Logout tokens remembered in memory at a time, each for ten minutes. */
const MAX_LOGOUTS = 100_000;

/**
 * Makes an authenticator for access tokens: JWTs (RFC 9068, RFC 7519, RFC 8725) and opaque ones (RFC 7662). The order of checks for a JWT:
 * size, cache, structure, algorithm, type, issuer, key, signature, tenant, audience, times, subject, client; then, on every use, revocation
 * and binding.
 *
 * Does not check: the scopes an operation needs, whether a `jti` was seen before (bearer tokens are used many times).
 *
 * Throws `SetupError` when the options are wrong.
 */
export function createAuthenticator(options: AuthenticatorOptions): Authenticator {
  return assembleAuthenticator(options, defaultKeyTiming, scheduleTimer);
}

/** `createAuthenticator` with the clockwork of the keys given. */
export function assembleAuthenticator(
  options: AuthenticatorOptions,
  timing: KeyTiming,
  schedule: Schedule,
): Authenticator {
  const { clockSkewSeconds, clock = systemClock, log = silentLogger, revocationLifetimeSeconds = Infinity } = options;
  const { observer = noopObserver } = options;
  const maxEntries = options.cache?.maxEntries ?? 10_000;
  checkNumbers(clockSkewSeconds, maxEntries);

  const issuers = createIssuerSet(options.issuers, {
    resource: options.resource,
    clockSkewSeconds,
    allowInsecureLoopback: options.dangerouslyAllowInsecureIssuers ?? false,
    clock,
    log,
    observer,
    timing,
    schedule,
  });
  const cache = new PrincipalCache({ maxEntries, maxBytes: MAX_CACHE_BYTES });
  /** Tokens that are being verified, so that the same one is verified once however many requests bring it at a time. */
  const underWay = new Map<string, Promise<VerifiedToken>>();
  const recall = recallToken({
    cache,
    clock,
    clockSkewSeconds,
    observer,
    isUnderWay: (digest) => underWay.has(digest),
  });
  const verification = {
    issuers: issuers.byIss,
    algorithms: issuers.algorithms,
    anyProfile: issuers.anyProfile,
    clock,
  };
  const routing = { issuers: issuers.byIss, opaque: issuers.opaque };
  const checkRevocation = createRevocationCheck(options.revocations);
  const logout = {
    issuers: logoutIssuersOf(issuers.byIss),
    clockSkewSeconds,
    clock,
    used: createUsedLogouts(options.replaySet ?? createMemoryReplaySet({ maxEntries: MAX_LOGOUTS, clock }), clock),
  };
  const binding = createBinding({ ...options, clock });

  async function verify(token: string, issuer: Issuer | undefined): Promise<VerifiedToken> {
    if (issuer?.introspector === undefined) return verifyToken(token, verification);
    const facts = await issuer.introspector.introspect(token);
    return { ...facts, issuer, key: null };
  }

  async function verifyAndKeep(token: string, digest: string, issuer: Issuer | undefined): Promise<VerifiedToken> {
    try {
      const verified = await verify(token, issuer);
      const { usableUntilMs, principal } = verified;
      if (principal.expiresAt - clock.now() / 1_000 > revocationLifetimeSeconds) verified.issuer.warn('long_lived');
      if (usableUntilMs === null || monotonicMs() < usableUntilMs) cache.set(digest, verified);
      return verified;
    } finally {
      underWay.delete(digest);
    }
  }

  function verifyAnew(token: string, digest: string): Promise<VerifiedToken> {
    const running = underWay.get(digest);
    if (running !== undefined) return running;
    const issuer = routeToken(token, routing);
    const started = verifyAndKeep(token, digest, issuer);
    // An answer to a question that was sent before a request came is a reused one.
    if (issuer?.introspector?.reusesAnswers !== false) underWay.set(digest, started);
    return started;
  }

  function monotonicMs(): number {
    return Number(clock.monotonicNs() / 1_000_000n);
  }

  /** What is checked on every use of a verified token, cached or not. */
  function admit(presented: PresentedToken, verified: VerifiedToken): Principal | Promise<Principal> {
    const revocation = checkRevocation(verified);
    if (revocation === undefined) return binding.check(presented, verified);
    return revocation.then(() => binding.check(presented, verified));
  }

  /** Nothing but a `Refusal` leaves. */
  function asRefusal(error: unknown): Refusal {
    if (error instanceof Refusal) return error;
    logEvent(log, 'sallyport.token.check_failed', { error });
    return new Refusal('internal_error', { cause: error });
  }

  async function authenticateLater(outcome: Promise<Principal>): Promise<Principal> {
    try {
      return await outcome;
    } catch (error) {
      throw asRefusal(error);
    }
  }

  return {
    authenticate(presented) {
      const { token } = presented;
      if (token.length > MAX_TOKEN_LENGTH) throw new Refusal('token_too_large', { detail: { bytes: token.length } });
      const digest = tokenDigest(token);
      try {
        const known = recall(digest);
        const outcome =
          known === undefined
            ? verifyAnew(token, digest).then((verified) => admit(presented, verified))
            : admit(presented, known);
        return outcome instanceof Promise ? authenticateLater(outcome) : outcome;
      } catch (error) {
        throw asRefusal(error);
      }
    },
    verifyLogout: (token, carryOut) =>
      verifyLogoutToken(token, logout, carryOut).catch((error: unknown) => Promise.reject(asRefusal(error))),
    dpopNonce: () => binding.nonce(),
    start() {
      if (process.env['NODE_TLS_REJECT_UNAUTHORIZED'] === '0') logEvent(log, 'sallyport.token.tls_verification_off');
      issuers.start();
    },
    status: () => issuers.status(),
    close() {
      issuers.close();
      cache.clear();
    },
  };
}

function checkNumbers(clockSkewSeconds: unknown, maxEntries: unknown): void {
  if (!(typeof clockSkewSeconds === 'number' && clockSkewSeconds >= 0 && clockSkewSeconds <= 300)) {
    throw invalid('clockSkewSeconds', `is ${String(clockSkewSeconds)}`, 'use a number of seconds from 0 to 300');
  }
  if (!(typeof maxEntries === 'number' && Number.isInteger(maxEntries) && maxEntries >= 0)) {
    throw invalid('cache.maxEntries', `is ${String(maxEntries)}`, 'use a whole number, 0 or more');
  }
}
