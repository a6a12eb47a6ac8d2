import { Refusal } from '@sallyport/core';
import { refuse } from '../refuse.ts';
import { isTokenChar, scanToken68 } from './grammar.ts';

/** What a request presents to prove who is calling. */
export type Credential =
  /** No `Authorization` header field. */
  | { readonly kind: 'none' }
  /** A scheme other than `Bearer`: counts as no credential (RFC 6750 §3.1). */
  | { readonly kind: 'unsupported' }
  | { readonly kind: 'bearer'; readonly token: string };

export interface ReadCredentialOptions {
  /** Longest token that is looked at, in bytes. */
  readonly tokenBytes: number;
}

const none: Credential = Object.freeze({ kind: 'none' });
const unsupported: Credential = Object.freeze({ kind: 'unsupported' });
const SPACE = 0x20;

/**
 * Reads the bearer token of a request (RFC 6750 §2.1: `"Bearer" 1*SP b64token`), in linear time.
 *
 * `rawHeaders` are Node's: a flat list of names and values in which repeated fields are visible. `url` is the request target.
 * Says nothing about the token except that it has the right alphabet and size.
 *
 * Throws `Refusal`: `malformed_request` (400) for repeated `Authorization` fields, a scheme without a token, more than one token,
 * another separator than a space, or `access_token` in the query; `token_too_large` (401) above `tokenBytes`;
 * `malformed_token` (401) for a token outside the b64token alphabet.
 */
export function readCredential(rawHeaders: readonly string[], url: string, options: ReadCredentialOptions): Credential {
  if (hasAccessTokenParameter(url)) throw refuse('malformed_request', 'access_token in the query');
  const value = singleAuthorization(rawHeaders);
  if (value === undefined) return none;

  let end = 0;
  while (end < value.length && isTokenChar(value.charCodeAt(end))) end += 1;
  if (end === 0) throw refuse('malformed_request', 'Authorization without a scheme');
  if (end !== 6 || value.slice(0, end).toLowerCase() !== 'bearer') return unsupported;

  let start = end;
  while (start < value.length && value.charCodeAt(start) === SPACE) start += 1;
  if (start === value.length) throw refuse('malformed_request', 'scheme without a token');
  if (start === end) throw refuse('malformed_request', 'no space after the scheme');
  if (value.length - start > options.tokenBytes)
    throw new Refusal('token_too_large', { detail: { bytes: value.length - start } });

  const token = value.slice(start);
  switch (scanToken68(token)) {
    case 'ok':
      return { kind: 'bearer', token };
    case 'blank':
      throw refuse('malformed_request', 'more than one token');
    case 'alphabet':
      throw refuse('malformed_token', 'characters outside the token alphabet');
  }
}

/** The value of the one `Authorization` field. Node keeps only the first of several in `headers`, so this looks at the raw list. */
function singleAuthorization(rawHeaders: readonly string[]): string | undefined {
  let value: string | undefined;
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = rawHeaders[index];
    if (name?.length !== 13 || name.toLowerCase() !== 'authorization') continue;
    if (value !== undefined) throw refuse('malformed_request', 'more than one Authorization field');
    value = rawHeaders[index + 1] ?? '';
  }
  return value;
}

/** RFC 6750 §2.3 lets a token travel in the query; it would end in logs, so its mere presence is refused. */
function hasAccessTokenParameter(url: string): boolean {
  const query = url.indexOf('?');
  return query !== -1 && new URLSearchParams(url.slice(query + 1)).has('access_token');
}
