import { isJsonObject, type JsonValue } from '@sallyport/core';
import type { Claims } from './decode-jwt.ts';

/**
 * What a token is bound to (RFC 7800 §3.1). With no member at all it is bound to something that can not be checked here, so no request
 * fulfils it. With several, all of them must hold.
 */
export interface Confirmation {
  /** SHA-256 thumbprint of the DPoP key (RFC 9449 §6.1), in base64url. */
  readonly jkt?: string;
  /** SHA-256 of the client certificate (RFC 8705 §3.1), in base64url. */
  readonly 'x5t#S256'?: string;
}

const unfulfillable: Confirmation = Object.freeze({});

/**
 * Reads `cnf`. Frozen; `null` only for a token that is not bound at all. A `cnf` that can not be understood, in whole or in a member
 * that is known here, makes the token unfulfillable rather than less bound.
 */
export function readConfirmation(claims: Claims): Confirmation | null {
  const { cnf } = claims;
  const isDpop = isBoundType(claims['typ']) || isBoundType(claims['token_type']);
  if (cnf === undefined) return isDpop ? unfulfillable : null;
  if (!isJsonObject(cnf)) return unfulfillable;
  const { jkt, 'x5t#S256': certificate } = cnf;
  if (!isThumbprintOrAbsent(jkt) || !isThumbprintOrAbsent(certificate)) return unfulfillable;
  if (isDpop && jkt === undefined) return unfulfillable;
  return Object.freeze({
    ...(jkt !== undefined && { jkt }),
    ...(certificate !== undefined && { 'x5t#S256': certificate }),
  });
}

/** SHA-256 in base64url without padding. */
function isThumbprintOrAbsent(value: JsonValue | undefined): value is string | undefined {
  return value === undefined || (typeof value === 'string' && /^[\w-]{43}$/.test(value));
}

/** Keycloak names the binding in the `typ` claim too, introspection in `token_type`. */
function isBoundType(typ: JsonValue | undefined): boolean {
  return typeof typ === 'string' && typ.toLowerCase() === 'dpop';
}
