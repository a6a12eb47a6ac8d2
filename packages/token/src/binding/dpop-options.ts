import { invalid } from '../authenticator/invalid.ts';
import { signatureAlgorithms } from '../jwt/algorithms.ts';
import { readHttpUri } from './http-uri.ts';

/** What is accepted of DPoP (RFC 9449). */
export interface DpopOptions {
  /** `off`: no `DPoP` scheme. `accept`: tokens may be bound. `require`: an unbound token is refused. */
  readonly mode: 'off' | 'accept' | 'require';
  /**
   * Accepted signature algorithms of proofs, asymmetric ones only (RFC 9449 §11.6), in the order they are advertised.
   * Default ES256, EdDSA, PS256, RS256.
   */
  readonly algorithms?: readonly string[] | undefined;
  /** Seconds by which `iat` of a proof may differ from now, to both sides, inclusive; 1 to 300. Default 60. */
  readonly iatWindowSeconds?: number | undefined;
  /** Refuse `htu` with a query or a fragment, which RFC 9449 §4.3 has servers ignore. Default false. */
  readonly strictHtu?: boolean | undefined;
  /** Demand a nonce of ours in every proof (RFC 9449 §9). Default false. */
  readonly nonce?: boolean | undefined;
  /** Secret of the nonces, 32 characters or more, the same in all processes that serve the resource. Default: made at start. */
  readonly nonceKey?: string | undefined;
  /** Seconds after which a nonce is accepted no more, 10 to 3600. The current one changes after half of it. Default 300. */
  readonly nonceLifetimeSeconds?: number | undefined;
}

/** The same with defaults filled. */
export type DpopPolicy = {
  readonly [K in Exclude<keyof DpopOptions, 'nonceKey'>]-?: Exclude<DpopOptions[K], undefined>;
} & {
  readonly nonceKey: string | undefined;
};

/** Fills defaults in. Throws `SetupError` for what the types do not rule out. */
export function resolveDpop(options: DpopOptions | undefined, resource: string): DpopPolicy {
  const policy: DpopPolicy = {
    mode: options?.mode ?? 'off',
    algorithms: options?.algorithms ?? ['ES256', 'EdDSA', 'PS256', 'RS256'],
    iatWindowSeconds: options?.iatWindowSeconds ?? 60,
    strictHtu: options?.strictHtu ?? false,
    nonce: options?.nonce ?? false,
    nonceKey: options?.nonceKey,
    nonceLifetimeSeconds: options?.nonceLifetimeSeconds ?? 300,
  };
  checkPolicy(policy);
  if (policy.mode !== 'off' && readHttpUri(resource) === undefined)
    throw invalid('resource', 'is not an http or https URL', 'DPoP needs the URL that clients use');
  return policy;
}

function checkPolicy({ mode, algorithms, iatWindowSeconds, nonceKey, nonceLifetimeSeconds }: DpopPolicy): void {
  if (!['off', 'accept', 'require'].includes(mode))
    throw invalid('dpop.mode', `is ${JSON.stringify(mode)}`, 'use "off", "accept" or "require"');
  const known = [...signatureAlgorithms.keys()].join(', ');
  if (algorithms.length === 0) throw invalid('dpop.algorithms', 'is empty', `list one or more of ${known}`);
  for (const algorithm of algorithms) {
    if (!signatureAlgorithms.has(algorithm))
      throw invalid('dpop.algorithms', `has ${JSON.stringify(algorithm)}`, `use only ${known}`);
  }
  checkSeconds('dpop.iatWindowSeconds', iatWindowSeconds, 1, 300);
  checkSeconds('dpop.nonceLifetimeSeconds', nonceLifetimeSeconds, 10, 3_600);
  if (nonceKey !== undefined && nonceKey.length < 32)
    throw invalid('dpop.nonceKey', 'is shorter than 32 characters', 'make one with: openssl rand -base64 32');
}

function checkSeconds(field: string, value: unknown, min: number, max: number): void {
  if (typeof value === 'number' && value >= min && value <= max) return;
  throw invalid(field, `is ${String(value)}`, `use a number of seconds from ${min} to ${max}`);
}
