import type { SignInRequirement } from '@sallyport/core';

/** The `error` values of RFC 6750 §3.1, of RFC 9470 §3 and, for the `DPoP` scheme only, of RFC 9449 §7.1 and §9. */
export type ChallengeError =
  | 'invalid_request'
  | 'invalid_token'
  | 'insufficient_scope'
  | 'insufficient_user_authentication'
  | 'invalid_dpop_proof'
  | 'use_dpop_nonce';

export type ChallengeScheme = 'Bearer' | 'DPoP';

export interface FormatChallengeOptions {
  /** Default `Bearer`. */
  readonly scheme?: ChallengeScheme | undefined;
  /** Absent for a request without a credential: such a challenge carries neither `error` nor `error_description` (RFC 6750 §3.1). */
  readonly error?: ChallengeError | undefined;
  /** Ignored without `error`. */
  readonly description?: string | undefined;
  /** How the user must have signed in. Only with `insufficient_user_authentication`. */
  readonly signIn?: SignInRequirement | undefined;
  /** Scopes to ask for, as a list or as one space-delimited string. Ignored for `invalid_request`. */
  readonly scope?: string | readonly string[] | undefined;
  /** URL of the protected resource metadata (RFC 9728 §5.1), from the configuration and never from the request. */
  readonly resourceMetadata: string;
  /** Algorithms that are accepted for proofs (`algs`, RFC 9449 §7.1). Only with the scheme `DPoP`. */
  readonly algorithms?: readonly string[] | undefined;
}

/** Longest value this returns, in bytes, as long as `resourceMetadata` leaves room. */
const MAX_BYTES = 2048;
const MAX_DESCRIPTION = 256;

/**
 * The value of one `WWW-Authenticate` field with one challenge of the `Bearer` or the `DPoP` scheme (RFC 6750 §3, RFC 9449 §7.1,
 * RFC 9470 §3, RFC 9110 §11.6.1).
 *
 * Every parameter appears once, as a quoted-string with only the characters its definition allows. A scope with another character
 * is left out whole, as a part of it would be another scope; `offline_access` is left out too. Scopes that do not fit into 2 KiB
 * are left out from the end.
 */
export function formatChallenge(options: FormatChallengeOptions): string {
  const { scheme = 'Bearer', scope } = options;
  const metadata = `resource_metadata="${quotedString(options.resourceMetadata)}"`;
  const algorithms = scheme === 'DPoP' ? joinAlgorithms(options.algorithms) : '';
  if (options.error === undefined) return join(scheme, [metadata, algorithms], 1, scope);

  const error = `error="${options.error}"`;
  const description = options.description === undefined ? '' : `error_description="${plain(options.description)}"`;
  switch (options.error) {
    case 'invalid_request':
    case 'invalid_dpop_proof':
    case 'use_dpop_nonce':
      return join(scheme, [error, description, metadata, algorithms], 0, undefined);
    case 'invalid_token':
      return join(scheme, [error, description, metadata, algorithms], 2, scope);
    case 'insufficient_scope':
      return join(scheme, [error, metadata, description, algorithms], 1, scope);
    case 'insufficient_user_authentication':
      return join(scheme, [error, description, ...signInParameters(options.signIn), metadata, algorithms], 2, scope);
  }
}

/** `acr_values` and `max_age` (RFC 9470 §3). */
function signInParameters({ acrValues, maxAgeSeconds }: SignInRequirement = { acrValues: [] }): string[] {
  return [
    acrValues.length === 0 ? '' : `acr_values="${quotedString(acrValues.join(' '))}"`,
    maxAgeSeconds === undefined ? '' : `max_age="${Math.trunc(maxAgeSeconds)}"`,
  ];
}

/** Joins the parameters and puts as many scopes as fit at `position`. */
function join(
  scheme: ChallengeScheme,
  parameters: string[],
  position: number,
  scope: FormatChallengeOptions['scope'],
): string {
  const fixed = parameters.reduce((sum, parameter) => sum + parameter.length + 2, `${scheme} `.length);
  const scopes = fittingScopes(scope, MAX_BYTES - fixed - 'scope="", '.length);
  if (scopes !== '') parameters.splice(position, 0, `scope="${scopes}"`);
  return `${scheme} ${parameters.filter((parameter) => parameter !== '').join(', ')}`;
}

/** `alg` values are letters, digits and a few marks; whatever else is configured is no algorithm. */
function joinAlgorithms(algorithms: readonly string[] = []): string {
  const known = algorithms.filter((algorithm) => /^[\w+-]{1,32}$/.test(algorithm));
  return known.length === 0 ? '' : `algs="${known.join(' ')}"`;
}

function fittingScopes(scope: FormatChallengeOptions['scope'], room: number): string {
  const wanted = new Set(typeof scope === 'string' ? scope.split(' ') : scope);
  let text = '';
  for (const token of wanted) {
    if (token === 'offline_access' || !isScopeToken(token)) continue;
    if (text.length + token.length + 1 > room) break;
    text = text === '' ? token : `${text} ${token}`;
  }
  return text;
}

/** `scope-token` of RFC 6749 §3.3: 1*( %x21 / %x23-5B / %x5D-7E ). */
function isScopeToken(token: string): boolean {
  return /^[\x21\x23-\x5B\x5D-\x7E]+$/.test(token);
}

/** The characters of `error_description` (RFC 6750 §3: %x20-21 / %x23-5B / %x5D-7E). */
function plain(text: string): string {
  return text
    .slice(0, MAX_DESCRIPTION)
    .replace(/[^\x20-\x7E]/g, '')
    .replace(/["\\]/g, '');
}

/** The inside of an RFC 9110 §5.6.4 quoted-string in ASCII. */
function quotedString(text: string): string {
  return text.replace(/[^\x20-\x7E]/g, '').replace(/["\\]/g, '\\$&');
}
