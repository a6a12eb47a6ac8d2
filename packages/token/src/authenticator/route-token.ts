import { isJsonObject, type JsonValue } from '@sallyport/core';
import { quote, refuse } from '../refuse.ts';
import type { Issuer } from './issuer.ts';

export interface RouteTokenOptions {
  readonly issuers: ReadonlyMap<string, Issuer>;
  /** The one issuer that says about opaque tokens what they are; there may be none. */
  readonly opaque: Issuer | undefined;
}

/**
 * Decides how a token is checked, from its bytes and the configuration alone: the issuer to ask, or `undefined` for a JWT that has to
 * stand for itself. A token that is a JWT and names its issuer goes where that issuer is configured to be checked and nowhere else, be it
 * good or bad; every other token is opaque. Without an opaque issuer every token has to be a JWT.
 *
 * Nothing here vouches for the token.
 *
 * Throws `Refusal` `iss_unknown` for a JWT of an issuer that is not configured: nobody else is asked about it.
 */
export function routeToken(token: string, { issuers, opaque }: RouteTokenOptions): Issuer | undefined {
  if (opaque === undefined) return undefined;
  const iss = claimedIssuer(token);
  if (iss === undefined) return opaque;
  const issuer = issuers.get(iss);
  if (issuer === undefined) throw refuse('iss_unknown', 'iss is not configured', { iss: quote(iss, 256) });
  return issuer.tokens === 'opaque' ? issuer : undefined;
}

/**
 * `iss` of something that looks like a signed JWT: three segments in base64url, the first two JSON objects. Looks only, and more leniently
 * than the check does: what looks like a JWT and is a broken one must be refused as such.
 */
function claimedIssuer(token: string): string | undefined {
  const segments = token.split('.', 4);
  const [header = '', payload = '', signature = ''] = segments;
  if (segments.length !== 3 || ![header, payload, signature].every((segment) => /^[\w-]*$/.test(segment)))
    return undefined;
  if (!isJsonObject(decode(header))) return undefined;
  const claims = decode(payload);
  const iss = isJsonObject(claims) && Object.hasOwn(claims, 'iss') ? claims['iss'] : undefined;
  return typeof iss === 'string' ? iss : undefined;
}

function decode(segment: string): JsonValue | undefined {
  try {
    return JSON.parse(Buffer.from(segment, 'base64url').toString()) as JsonValue;
  } catch {
    return undefined;
  }
}
