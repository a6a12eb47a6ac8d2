import { noopObserver, Refusal, systemClock, type Principal } from '@sallyport/core';
import { defaultKeyTiming, scheduleTimer, type KeyTiming, type Schedule } from '../keys/key-timing.ts';
import type { ClaimWarning } from '../jwt/read-principal.ts';
import { silentLogger } from '../log.ts';
import { refuse } from '../refuse.ts';
import type { Authenticator, AuthenticatorOptions } from './authenticator.ts';
import { createIssuer, invalid, type Issuer } from './issuer.ts';
import { PrincipalCache, tokenDigest } from './principal-cache.ts';
import { verifyToken, type VerifyTokenOptions } from './verify-token.ts';

/** Node's headers end at 16 KiB together, so no longer token can arrive. */
const MAX_TOKEN_LENGTH = 16_384;
const MAX_CACHE_BYTES = 32 * 1_048_576;

const warnings: Readonly<Record<ClaimWarning, string>> = {
  aud_multi: 'tokens of the issuer name other resources in aud too; strictAudience refuses them',
  jti_missing: 'tokens of the issuer have no jti; they can not be revoked one by one',
};

/**
 * Makes an authenticator for JWT access tokens (RFC 9068, RFC 7519, RFC 8725). The order of checks: size, cache, structure, algorithm,
 * type, issuer, key, signature, audience, times, subject, client, binding.
 *
 * Does not check: revocation, the scopes an operation needs, whether a `jti` was seen before (bearer tokens are used many times).
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
  const { clockSkewSeconds, clock = systemClock, log = silentLogger } = options;
  const maxEntries = options.cache?.maxEntries ?? 10_000;
  checkNumbers(clockSkewSeconds, maxEntries);

  const issuers = new Map<string, Issuer>();
  for (const [index, issuerOptions] of options.issuers.entries()) {
    const issuer = createIssuer(issuerOptions, `issuers[${index}]`, {
      resource: options.resource,
      clockSkewSeconds,
      allowInsecureLoopback: options.dangerouslyAllowInsecureIssuers ?? false,
      clock,
      log,
      observer: options.observer ?? noopObserver,
      timing,
      schedule,
    });
    if (issuers.has(issuerOptions.issuer))
      throw invalid(`issuers[${index}].issuer`, 'is listed twice', 'list every issuer once');
    issuers.set(issuerOptions.issuer, issuer);
  }
  if (issuers.size === 0) throw invalid('issuers', 'is empty', 'name the issuer of your access tokens');

  const cache = new PrincipalCache({ maxEntries, maxBytes: MAX_CACHE_BYTES });
  const verification: VerifyTokenOptions = {
    issuers,
    algorithms: new Set([...issuers.values()].flatMap((issuer) => [...issuer.algorithms])),
    clock,
    warn(issuer, warning) {
      if (issuer.warned.has(warning)) return;
      issuer.warned.add(warning);
      log.warn({ issuer: issuer.policy.issuer, warning }, warnings[warning]);
    },
  };

  /** A cached principal that still holds. Throws when its token has expired since. */
  function recall(digest: string): Principal | undefined {
    const entry = cache.get(digest);
    if (entry === undefined) return undefined;
    const { principal, key, issuer } = entry;
    if (clock.now() / 1_000 >= principal.expiresAt + clockSkewSeconds) {
      cache.delete(digest);
      throw refuse('expired', 'exp has passed', { exp: principal.expiresAt });
    }
    // Asking for the keys starts a refresh that is due, also when every token comes from here.
    if (issuer.keys.current() === undefined) return undefined;
    if (!key.retired) return principal;
    cache.delete(digest);
    return undefined;
  }

  async function verifyAnew(token: string, digest: string): Promise<Principal> {
    try {
      const verified = await verifyToken(token, verification);
      cache.set(digest, verified, token.length);
      return verified.principal;
    } catch (error) {
      if (error instanceof Refusal) throw error;
      log.error({ err: error }, 'a token could not be checked because of a defect');
      throw new Refusal('internal_error', { cause: error });
    }
  }

  return {
    authenticate(token) {
      if (token.length > MAX_TOKEN_LENGTH) throw new Refusal('token_too_large', { detail: { bytes: token.length } });
      const digest = tokenDigest(token);
      return recall(digest) ?? verifyAnew(token, digest);
    },
    start() {
      if (process.env['NODE_TLS_REJECT_UNAUTHORIZED'] === '0') {
        log.error(
          {},
          'NODE_TLS_REJECT_UNAUTHORIZED=0 is set; issuers are verified all the same, but unset it: other TLS here is worthless',
        );
      }
      for (const issuer of issuers.values()) issuer.keys.start();
    },
    status: () => [...issuers.values()].map(({ keys }) => ({ issuer: keys.issuer, ...keys.status() })),
    close() {
      for (const issuer of issuers.values()) issuer.keys.close();
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
