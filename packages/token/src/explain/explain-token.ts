import {
  type JsonValue,
  noopObserver,
  type Principal,
  type Reason,
  Refusal,
  silentLogger,
  systemClock,
} from '@sallyport/core';
import type { AuthenticatorOptions } from '../authenticator/authenticator.ts';
import { createIssuerSet } from '../authenticator/issuer-set.ts';
import { routeToken } from '../authenticator/route-token.ts';
import type { VerifiedToken } from '../authenticator/verified-token.ts';
import { verifyToken } from '../authenticator/verify-token.ts';
import { createBinding } from '../binding/create-binding.ts';
import { readCredential } from '../credential/read-credential.ts';
import type { Claims } from '../jwt/decode-jwt.ts';
import type { ClaimWarning } from '../jwt/read-principal.ts';
import { defaultKeyTiming, scheduleTimer } from '../keys/key-timing.ts';
import type { ProfileName } from '../profile/issuer-profile.ts';
import { createRevocationCheck } from '../revocation/create-revocation-check.ts';
import { explainJwt } from './explain-jwt.ts';
import { explainUse } from './explain-use.ts';
import { problemOf, runStep, type ExplainedStep } from './explained-step.ts';
import { givenKeys } from './given-keys.ts';
import type { Workbench } from './workbench.ts';

export interface ExplainTokenOptions extends Pick<
  AuthenticatorOptions,
  'resource' | 'issuers' | 'clockSkewSeconds' | 'dangerouslyAllowInsecureIssuers' | 'dpop' | 'revocations' | 'clock'
> {
  /** Longest token that is looked at, in bytes. */
  readonly tokenBytes: number;
  /** A client certificate can be passed on by a proxy. Default false. */
  readonly clientCertificate?: boolean | undefined;
  /** A JWK Set that stands for the keys of every issuer: then nobody is asked anything. */
  readonly keys?: JsonValue | undefined;
}

/** What a server with these options would say about a token, and why. Holds no part of the token as it was written. */
export interface TokenExplanation {
  /** `undecided`: nobody could say, for example because the issuer does not answer; a server answers 503 then. */
  readonly verdict: 'accepted' | 'refused' | 'undecided';
  readonly kind: 'jwt' | 'opaque' | 'unknown';
  /** Why it is not accepted: the first that a server would find. */
  readonly reason?: Reason;
  readonly problem?: string;
  /** Every check, in order, also those after the one that failed. */
  readonly steps: readonly ExplainedStep[];
  /** The profile of the issuer the token names, or of the only one there is. */
  readonly profile?: ProfileName;
  /** Header and claims as the token has them: vouched for by nobody unless it is accepted. Untrusted text. */
  readonly header?: Claims;
  readonly claims?: Claims;
  /** Who the token is about, when it is accepted. */
  readonly principal?: Principal;
  /** Odd things about an accepted token. */
  readonly warnings: readonly ClaimWarning[];
}

/**
 * Explains what `createAuthenticator` with the same options would say about a token that is sent as a bearer token. The verdict comes from
 * the same functions; besides, every check is run for itself, so that everything that is wrong is told at once.
 *
 * Throws `SetupError` when the options are wrong, `TypeError` when `keys` is not a JWK Set.
 */
export async function explainToken(token: string, options: ExplainTokenOptions): Promise<TokenExplanation> {
  const clock = options.clock ?? systemClock;
  const warnings: ClaimWarning[] = [];
  const issuers = createIssuerSet(options.issuers, {
    resource: options.resource,
    clockSkewSeconds: options.clockSkewSeconds,
    allowInsecureLoopback: options.dangerouslyAllowInsecureIssuers ?? false,
    clock,
    log: silentLogger,
    observer: noopObserver,
    timing: defaultKeyTiming,
    schedule: scheduleTimer,
    fetcher: options.keys === undefined ? undefined : givenKeys(options.keys),
  });
  const bench: Workbench = {
    issuers,
    clock,
    options,
    offline: options.keys !== undefined,
    checkRevocation: createRevocationCheck(options.revocations),
    binding: createBinding({ ...options, clock }),
  };
  try {
    return { ...(await explain(token, bench)), warnings };
  } finally {
    issuers.close();
  }
}

async function explain(token: string, bench: Workbench): Promise<Omit<TokenExplanation, 'warnings'>> {
  const { issuers, clock, options } = bench;
  const size = await runStep(
    {
      name: 'size',
      seen: `${token.length} bytes`,
      expected: `at most ${options.tokenBytes} bytes in the alphabet of tokens`,
    },
    () => readCredential(['Authorization', `Bearer ${token}`], '/', { tokenBytes: options.tokenBytes }),
  );
  const outcome = size.status === 'fail' ? undefined : await verify(token, bench);
  const isOpaque = outcome?.route === 'opaque';
  const told = isOpaque
    ? { kind: 'opaque' as const, steps: [explainAnswer(outcome.result)] }
    : await explainJwt(token, issuers, clock);
  const verified = outcome !== undefined && !(outcome.result instanceof Refusal) ? outcome.result : undefined;
  const uses = verified === undefined ? [] : await explainUse(token, verified, bench);
  const steps = [size, ...told.steps, ...uses];
  const used = uses.find(({ status }) => status === 'fail');
  const refusal =
    size.status === 'fail' ? size : outcome?.result instanceof Refusal ? toldRefusal(outcome.result) : used;
  if (refusal?.reason === undefined) {
    const principal = verified?.principal;
    return { verdict: 'accepted', ...told, steps, ...(principal !== undefined && { principal }) };
  }
  const { reason, problem } = refusal;
  const verdict = undecidable.has(reason) ? 'undecided' : 'refused';
  return { verdict, ...told, steps, reason, ...(problem !== undefined && { problem }) };
}

const undecidable: ReadonlySet<Reason> = new Set<Reason>([
  'idp_unavailable',
  'idp_misconfigured',
  'introspection_invalid',
  'store_down',
  'replay_store_down',
  'closing',
  'internal_error',
]);

interface Outcome {
  readonly route: 'jwt' | 'opaque';
  readonly result: VerifiedToken | Refusal;
}

/** What decides: the verification that a server runs. */
async function verify(token: string, { issuers, clock, offline }: Workbench): Promise<Outcome> {
  let route: Outcome['route'] = 'jwt';
  try {
    const issuer = routeToken(token, { issuers: issuers.byIss, opaque: issuers.opaque });
    if (issuer?.introspector === undefined) {
      const { byIss, algorithms, anyProfile } = issuers;
      return { route, result: await verifyToken(token, { issuers: byIss, algorithms, anyProfile, clock }) };
    }
    route = 'opaque';
    if (offline) throw unavailable('only the issuer can say what an opaque token is, and offline nobody is asked');
    return { route, result: { ...(await issuer.introspector.introspect(token)), issuer, key: null } };
  } catch (error) {
    if (error instanceof Refusal) return { route, result: error };
    throw error;
  }
}

function explainAnswer(result: Outcome['result']): ExplainedStep {
  const check = {
    name: 'answer',
    seen: 'an opaque token',
    expected: 'the issuer says that it is active and meant for this server',
  } as const;
  if (!(result instanceof Refusal)) return { ...check, status: 'pass' };
  return { ...check, status: 'fail', ...toldRefusal(result) };
}

function toldRefusal(refusal: Refusal): { readonly reason: Reason; readonly problem: string } {
  return { reason: refusal.reason, problem: problemOf(refusal) };
}

function unavailable(problem: string): Refusal {
  return new Refusal('idp_unavailable', { detail: { problem } });
}
