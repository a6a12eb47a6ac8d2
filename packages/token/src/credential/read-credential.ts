import { Refusal } from '@sallyport/core';
import { refuse } from '../refuse.ts';
import { isTokenChar, scanToken68 } from './grammar.ts';

/** What a request presents to prove who is calling. */
export type Credential =
  /** No `Authorization` header field. */
  | { readonly kind: 'none' }
  /** A scheme other than `Bearer` and, where it is accepted, `DPoP`: counts as no credential (RFC 6750 §3.1). */
  | { readonly kind: 'unsupported' }
  | { readonly kind: 'bearer'; readonly token: string }
  /** The `DPoP` scheme (RFC 9449 §7.1) with the value of every `DPoP` field line, in order. */
  | { readonly kind: 'dpop'; readonly token: string; readonly proofs: readonly string[] };

export interface ReadCredentialOptions {
  /** Longest token that is looked at, in bytes. */
  readonly tokenBytes: number;
  /** Whether the `DPoP` scheme is accepted. Default false: it counts as unsupported. */
  readonly dpop?: boolean | undefined;
}

const none: Credential = Object.freeze({ kind: 'none' });
const unsupported: Credential = Object.freeze({ kind: 'unsupported' });
const SPACE = 0x20;

/**
 * Reads the access token of a request (RFC 6750 §2.1: `"Bearer" 1*SP b64token`, RFC 9449 §7.1: `"DPoP" 1*SP token68`), in linear time.
 *
 * `rawHeaders` are Node's: a flat list of names and values in which repeated fields are visible. `url` is the request target.
 * Says nothing about the token except that it has the right alphabet and size, and nothing at all about the proofs.
 *
 * Throws `Refusal`: `malformed_request` (400) for repeated `Authorization` fields, a scheme without a token, more than one token,
 * another separator than a space, or `access_token` in the query; `token_too_large` (401) above `tokenBytes`;
 * `malformed_token` (401) for a token outside the b64token alphabet.
 */
export function readCredential(rawHeaders: readonly string[], url: string, options: ReadCredentialOptions): Credential {
  if (hasAccessTokenParameter(url)) throw refuse('malformed_request', 'access_token in the query');
  const value = singleAuthorization(rawHeaders);
  if (value === undefined) return none;

  const end = schemeEnd(value);
  if (end === 0) throw refuse('malformed_request', 'Authorization without a scheme');
  const kind = schemeOf(value, end);
  if (kind === undefined || (kind === 'dpop' && options.dpop !== true)) return unsupported;

  let start = end;
  while (start < value.length && value.charCodeAt(start) === SPACE) start += 1;
  if (start === value.length) throw refuse('malformed_request', 'scheme without a token');
  if (start === end) throw refuse('malformed_request', 'no space after the scheme');
  if (value.length - start > options.tokenBytes)
    throw new Refusal('token_too_large', { detail: { bytes: value.length - start } });

  const token = value.slice(start);
  switch (scanToken68(token)) {
    case 'ok':
      return kind === 'bearer' ? { kind, token } : { kind, token, proofs: fieldValues(rawHeaders, 'dpop') };
    case 'blank':
      throw refuse('malformed_request', 'more than one token');
    case 'alphabet':
      throw refuse('malformed_token', 'characters outside the token alphabet');
  }
}

/**
 * The scheme a request tries to authenticate with, well-formed or not, so that a challenge can answer it. `undefined` for none, for
 * several, and for every other scheme.
 */
export function attemptedScheme(rawHeaders: readonly string[]): 'bearer' | 'dpop' | undefined {
  const [value, second] = fieldValues(rawHeaders, 'authorization');
  return value === undefined || second !== undefined ? undefined : schemeOf(value, schemeEnd(value));
}

function schemeEnd(value: string): number {
  let end = 0;
  while (end < value.length && isTokenChar(value.charCodeAt(end))) end += 1;
  return end;
}

function schemeOf(value: string, end: number): 'bearer' | 'dpop' | undefined {
  if (end !== 6 && end !== 4) return undefined;
  const scheme = value.slice(0, end).toLowerCase();
  return scheme === 'bearer' || scheme === 'dpop' ? scheme : undefined;
}

/** The value of the one `Authorization` field. Node keeps only the first of several in `headers`, so this looks at the raw list. */
function singleAuthorization(rawHeaders: readonly string[]): string | undefined {
  const [value, second] = fieldValues(rawHeaders, 'authorization');
  if (second !== undefined) throw refuse('malformed_request', 'more than one Authorization field');
  return value;
}

/** The value of every line of a field, in order. */
function fieldValues(rawHeaders: readonly string[], lowerCaseName: string): string[] {
  const values: string[] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = rawHeaders[index];
    if (name?.length !== lowerCaseName.length || name.toLowerCase() !== lowerCaseName) continue;
    values.push(rawHeaders[index + 1] ?? '');
  }
  return values;
}

/** RFC 6750 §2.3 lets a token travel in the query; it would end in logs, so its mere presence is refused. */
function hasAccessTokenParameter(url: string): boolean {
  const query = url.indexOf('?');
  return query !== -1 && new URLSearchParams(url.slice(query + 1)).has('access_token');
}
