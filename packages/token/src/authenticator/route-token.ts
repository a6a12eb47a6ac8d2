import { isJsonObject, type JsonValue } from '@sallyport/core';
import { decodeBase64url } from '../jwt/base64url.ts';
import { parseClaims } from '../jwt/decode-jwt.ts';
import { quote, refuse } from '../refuse.ts';
import type { Issuer } from './issuer.ts';

export interface RouteTokenOptions {
  readonly issuers: ReadonlyMap<string, Issuer>;
  /** The one issuer that says about opaque tokens what they are; there may be none. */
  readonly opaque: Issuer | undefined;
}

/**
 * Decides how a token is checked, from its bytes and the configuration alone: the issuer to ask, or `undefined` for a JWT that has to
 * stand for itself. A JWT that names its issuer goes where that issuer is configured to be checked and nowhere else, be it good or bad.
 * What is only meant as a JWT, and is broken or names no issuer, has to stand for itself too, and so is refused: no change of its spelling
 * makes a failing JWT a question. Every other token is opaque. Two exceptions: without an opaque issuer every token has to be a JWT, and
 * where the only issuer has nothing but opaque tokens, they may look like anything (RFC 7662 §1).
 *
 * Nothing here vouches for the token.
 *
 * Throws `Refusal` `iss_unknown` for a JWT of an issuer that is not configured: nobody else is asked about it.
 */
export function routeToken(token: string, { issuers, opaque }: RouteTokenOptions): Issuer | undefined {
  if (opaque === undefined) return undefined;
  const iss = claimedIssuer(token);
  if (iss === undefined) {
    const allAreOpaque = issuers.size === 1 && opaque.tokens === 'opaque';
    return allAreOpaque || !isMeantAsJwt(token) ? opaque : undefined;
  }
  const issuer = issuers.get(iss);
  if (issuer === undefined) throw refuse('iss_unknown', 'iss is not configured', { iss: quote(iss, 256) });
  return issuer.tokens === 'opaque' ? issuer : undefined;
}

/** `iss` of a well-formed compact JWS: three segments in canonical base64url, the first two JSON objects. */
function claimedIssuer(token: string): string | undefined {
  const segments = token.split('.', 4).map(decodeBase64url);
  const [header, payload, signature] = segments;
  if (segments.length !== 3 || header === undefined || payload === undefined || signature === undefined)
    return undefined;
  if (!isJsonObject(parse(header.toString()))) return undefined;
  try {
    const { iss } = parseClaims(payload, 'payload');
    return typeof iss === 'string' ? iss : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Whether a token begins with the header of a JWS or JWE, that is an object with `alg`. Reads far more leniently than the check does: either
 * base64 alphabet, padding, marks and blanks in between, byte order marks, JSON that is not quite JSON.
 */
function isMeantAsJwt(token: string): boolean {
  const first = token.split('.').find((segment) => segment !== '') ?? '';
  // Also takes away byte order marks.
  const text = Buffer.from(first.replaceAll(/[^\w+/-]/g, ''), 'base64')
    .toString()
    .trim();
  const header = parse(text);
  if (header === undefined) return text.startsWith('{') && text.includes('"alg"');
  return isJsonObject(header) && Object.hasOwn(header, 'alg');
}

function parse(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}
