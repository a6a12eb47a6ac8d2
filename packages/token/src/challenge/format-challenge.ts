/** The `error` values of RFC 6750 §3.1. */
export type ChallengeError = 'invalid_request' | 'invalid_token' | 'insufficient_scope';

export interface FormatChallengeOptions {
  /** Absent for a request without a credential: such a challenge carries neither `error` nor `error_description` (RFC 6750 §3.1). */
  readonly error?: ChallengeError | undefined;
  /** Ignored without `error`. */
  readonly description?: string | undefined;
  /** Scopes to ask for, as a list or as one space-delimited string. Ignored for `invalid_request`. */
  readonly scope?: string | readonly string[] | undefined;
  /** URL of the protected resource metadata (RFC 9728 §5.1), from the configuration and never from the request. */
  readonly resourceMetadata: string;
}

/** Longest value this returns, in bytes, as long as `resourceMetadata` leaves room. */
const MAX_BYTES = 2048;
const MAX_DESCRIPTION = 256;

/**
 * The value of one `WWW-Authenticate` field with a `Bearer` challenge (RFC 6750 §3, RFC 9110 §11.6.1).
 *
 * Every parameter appears once, as a quoted-string with only the characters its definition allows. A scope with another character
 * is left out whole, as a part of it would be another scope; `offline_access` is left out too. Scopes that do not fit into 2 KiB
 * are left out from the end.
 */
export function formatChallenge(options: FormatChallengeOptions): string {
  const metadata = `resource_metadata="${quotedString(options.resourceMetadata)}"`;
  if (options.error === undefined) return join([metadata], 1, options.scope);

  const error = `error="${options.error}"`;
  const description = options.description === undefined ? '' : `error_description="${plain(options.description)}"`;
  switch (options.error) {
    case 'invalid_request':
      return join([error, description, metadata], 0, undefined);
    case 'invalid_token':
      return join([error, description, metadata], 2, options.scope);
    case 'insufficient_scope':
      return join([error, metadata, description], 1, options.scope);
  }
}

/** Joins the parameters and puts as many scopes as fit at `position`. */
function join(parameters: string[], position: number, scope: FormatChallengeOptions['scope']): string {
  const fixed = parameters.reduce((sum, parameter) => sum + parameter.length + 2, 'Bearer '.length);
  const scopes = fittingScopes(scope, MAX_BYTES - fixed - 'scope="", '.length);
  if (scopes !== '') parameters.splice(position, 0, `scope="${scopes}"`);
  return `Bearer ${parameters.filter((parameter) => parameter !== '').join(', ')}`;
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
