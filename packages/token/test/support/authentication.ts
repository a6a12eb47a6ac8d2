import type { LogLevel, ObserverEvent } from '@sallyport/core';
import { noopObserver } from '@sallyport/core';
import { assembleAuthenticator } from '../../src/authenticator/create-authenticator.ts';
import type { Authenticator, AuthenticatorOptions } from '../../src/authenticator/authenticator.ts';
import type { PresentedToken } from '../../src/authenticator/presented-token.ts';
import { defaultKeyTiming, type KeyTiming } from '../../src/keys/key-timing.ts';
import { FakeClock } from './fake-clock.ts';
import { signRaw, type SigningKey, type TokenPart } from './signing-key.ts';
import type { TestIssuer } from './test-issuer.ts';

export const RESOURCE = 'https://mcp.example.com/mcp';
export const ALGORITHMS: readonly string[] = ['RS256', 'PS256', 'ES256', 'EdDSA'];

export interface LogLine {
  readonly level: LogLevel;
  readonly fields: object;
  readonly message: string;
}

/** An authenticator with time, log and events in the hands of the test. */
export interface Bench {
  readonly authenticator: Authenticator;
  readonly clock: FakeClock;
  readonly log: LogLine[];
  /** What was said of the keys. */
  readonly events: ObserverEvent[];
  /** What was found of the tokens, among the verified ones. */
  readonly lookups: string[];
}

export function createBench(
  options: Partial<AuthenticatorOptions> & Pick<AuthenticatorOptions, 'issuers'>,
  timing: Partial<KeyTiming> = {},
): Bench {
  const clock = new FakeClock();
  const log: LogLine[] = [];
  const events: ObserverEvent[] = [];
  const lookups: string[] = [];
  const emit = (event: ObserverEvent): void => {
    if (event.type === 'token.looked_up') lookups.push(event.result);
    else events.push(event);
  };
  const authenticator = assembleAuthenticator(
    {
      resource: RESOURCE,
      clockSkewSeconds: 30,
      dangerouslyAllowInsecureIssuers: true,
      clock,
      log: {
        info: (fields, message) => log.push({ level: 'info', fields, message }),
        warn: (fields, message) => log.push({ level: 'warn', fields, message }),
        error: (fields, message) => log.push({ level: 'error', fields, message }),
      },
      observer: { ...noopObserver, emit },
      ...options,
    },
    { ...defaultKeyTiming, ...timing },
    clock.schedule,
  );
  return { authenticator, clock, log, events, lookups };
}

/** A token as a request presents it in `Authorization: Bearer`. */
export function bearer(token: string): PresentedToken {
  return { scheme: 'bearer', token, method: 'POST', proofs: [] };
}

/** The claims of a token that passes, and what a test changes; `undefined` removes a claim. */
export function claimsFor(
  issuer: TestIssuer,
  clock: FakeClock,
  changes: Record<string, unknown> = {},
): Record<string, unknown> {
  return {
    iss: issuer.url,
    aud: RESOURCE,
    sub: 'user-1',
    client_id: 'client-1',
    scope: 'notes:read echo:call',
    jti: 'jti-1',
    iat: clock.nowSeconds - 10,
    exp: clock.nowSeconds + 300,
    ...changes,
  };
}

export function headerFor(key: SigningKey, changes: Record<string, unknown> = {}): Record<string, unknown> {
  return { alg: key.algorithm, kid: key.kid, typ: 'at+jwt', ...changes };
}

export function mint(key: SigningKey, claims: TokenPart, header: TokenPart = headerFor(key)): string {
  return signRaw(header, claims, key);
}
