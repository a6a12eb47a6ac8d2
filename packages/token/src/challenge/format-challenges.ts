import { formatChallenge, type ChallengeError, type FormatChallengeOptions } from './format-challenge.ts';

export interface FormatChallengesOptions extends Omit<FormatChallengeOptions, 'scheme' | 'algorithms'> {
  /** What is accepted of DPoP: which schemes are possible. Default: `Bearer` alone. */
  readonly dpop?:
    | { readonly mode: 'off' | 'accept' | 'require'; readonly algorithms?: readonly string[] | undefined }
    | undefined;
  /** The scheme the request used: the error stands in its challenge. Absent, or for an error that is about both: in every challenge. */
  readonly attempted?: 'bearer' | 'dpop' | undefined;
}

/** Errors that are about a proof: the token is bound, so the scheme `Bearer` would not help. */
const PROOF_ERRORS: ReadonlySet<ChallengeError | undefined> = new Set<ChallengeError | undefined>([
  'invalid_dpop_proof',
  'use_dpop_nonce',
]);

/**
 * The values of the `WWW-Authenticate` field lines of an answer: one challenge in each, one for every scheme that is possible
 * (RFC 9449 §7.2, RFC 9110 §11.6.1). `Bearer` comes first, because simple clients read no further.
 */
export function formatChallenges(options: FormatChallengesOptions): string[] {
  const { dpop, attempted, error, description, ...rest } = options;
  const algorithms = dpop?.algorithms;
  const told = { ...rest, error, description };
  if (dpop === undefined || dpop.mode === 'off') return [formatChallenge(told)];
  if (dpop.mode === 'require' || PROOF_ERRORS.has(error))
    return [formatChallenge({ ...told, scheme: 'DPoP', algorithms })];
  return [
    formatChallenge(attempted === 'dpop' ? rest : told),
    formatChallenge({ ...(attempted === 'bearer' ? rest : told), scheme: 'DPoP', algorithms }),
  ];
}
