import { Refusal } from '@sallyport/core';
import { scanToken68 } from '../credential/grammar.ts';
import { refuse } from '../refuse.ts';

/**
 * A token in a header of its own, as a request presents it. `untrusted`: there is one, but whoever sent it may not send one; it counts as
 * absent and is only noted.
 */
export type EnterpriseCredential =
  | { readonly kind: 'none' }
  | { readonly kind: 'untrusted' }
  | { readonly kind: 'token'; readonly token: string };

export interface ReadEnterpriseTokenOptions {
  /** The request came from a trusted proxy itself: decided by the address of its connection, never by a header. */
  readonly trusted: boolean;
  /** Longest token that is looked at, in bytes. */
  readonly tokenBytes: number;
}

const none: EnterpriseCredential = Object.freeze({ kind: 'none' });
const untrusted: EnterpriseCredential = Object.freeze({ kind: 'untrusted' });

/**
 * Reads the enterprise token of a request from all its field lines: one line with one token and nothing else, no scheme, no list.
 *
 * Throws `Refusal`: `malformed_request` (400) for a repeated, empty or listed value or one with a scheme; `token_too_large` (401);
 * `enterprise_invalid` (401) for characters no token has. Never for a sender that is not trusted.
 */
export function readEnterpriseToken(
  lines: readonly string[],
  { trusted, tokenBytes }: ReadEnterpriseTokenOptions,
): EnterpriseCredential {
  const [value, second] = lines;
  if (value === undefined) return none;
  if (!trusted) return untrusted;
  if (second !== undefined) throw refuse('malformed_request', 'more than one enterprise token field');
  if (value.trim() === '') throw refuse('malformed_request', 'an empty enterprise token');
  // Node joins repeated lines with a comma before anybody else sees them, and so may a proxy.
  if (value.includes(',') || scanToken68(value) === 'blank')
    throw refuse('malformed_request', 'the enterprise token is a list or has a scheme');
  if (value.length > tokenBytes)
    throw new Refusal('token_too_large', { detail: { source: 'enterprise', bytes: value.length } });
  if (scanToken68(value) !== 'ok') {
    const problem = 'characters outside the token alphabet';
    throw refuse('enterprise_invalid', problem, { reason: 'malformed_token' });
  }
  return { kind: 'token', token: value };
}
