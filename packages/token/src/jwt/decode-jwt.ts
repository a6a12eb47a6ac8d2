import { isJsonObject, parseStrictJson, type JsonObject, type JsonValue } from '@sallyport/core';
import { refuse } from '../refuse.ts';
import { decodeBase64url } from './base64url.ts';

/** No access token needs deeper objects; an `act` chain of the deepest kind allowed fits. */
const JSON_DEPTH = 32;

/** A JWS in compact serialization, decoded and not verified. */
export interface CompactJws {
  readonly header: Claims;
  readonly payload: Buffer;
  readonly signature: Buffer;
}

/** JSON object members in a null-prototype object: a member called `__proto__` is only a member. */
export type Claims = Readonly<Record<string, JsonValue | undefined>>;

/**
 * Takes a compact JWS apart (RFC 7515 §7.1) and checks its structure and its header: three segments, each canonical base64url, a
 * header that is one strict JSON object, and nothing in it that changes what the signature covers or what the payload is.
 * Unsecured and encrypted tokens, JSON serialization and nested tokens end here or at the list of algorithms.
 *
 * Throws `Refusal` `malformed_token`.
 */
export function decodeCompactJws(token: string): CompactJws {
  const first = token.indexOf('.');
  const second = token.indexOf('.', first + 1);
  if (first === -1 || second === -1 || token.includes('.', second + 1))
    throw refuse('malformed_token', 'not three segments');
  const headerBytes = decodeBase64url(token.slice(0, first));
  const payload = decodeBase64url(token.slice(first + 1, second));
  const signature = decodeBase64url(token.slice(second + 1));
  if (headerBytes === undefined || payload === undefined || signature === undefined) {
    throw refuse('malformed_token', 'a segment is not canonical base64url');
  }
  const header = parseClaims(headerBytes, 'header');
  checkHeader(header);
  return { header, payload, signature };
}

/** Parses the bytes of a header or payload: strict JSON, an object, every string well-formed. Throws `Refusal` `malformed_token`. */
export function parseClaims(bytes: Uint8Array, part: 'header' | 'payload'): Claims {
  let value: JsonValue;
  try {
    value = parseStrictJson(bytes, { jsonDepth: JSON_DEPTH });
  } catch {
    throw refuse('malformed_token', `the ${part} is not strict JSON`);
  }
  if (!isJsonObject(value)) throw refuse('malformed_token', `the ${part} is not a JSON object`);
  if (!isWellFormed(value)) throw refuse('malformed_token', `the ${part} contains a lone surrogate`);
  return Object.freeze(withoutPrototype(value));
}

/** Copies the members into an object without a prototype. */
export function withoutPrototype(object: JsonObject): Claims {
  const claims = Object.create(null) as Record<string, JsonValue | undefined>;
  for (const key of Object.keys(object)) claims[key] = object[key];
  return claims;
}

/** Lone surrogates have no UTF-8 form: what holds one can be neither logged nor compared faithfully. */
function isWellFormed(value: JsonValue): boolean {
  if (typeof value === 'string') return !/\p{Cs}/u.test(value);
  if (Array.isArray(value)) return value.every(isWellFormed);
  if (!isJsonObject(value)) return true;
  return Object.keys(value).every((key) => isWellFormed(key) && isWellFormed(value[key] ?? null));
}

/** Header parameters that would change the meaning of the rest. `jku`, `x5u`, `jwk` and `x5c` are ignored: keys come from the issuer only. */
function checkHeader(header: Claims): void {
  for (const name of ['crit', 'b64', 'zip', 'enc']) {
    if (header[name] !== undefined) throw refuse('malformed_token', `the header has ${name}`);
  }
  const { cty, kid } = header;
  if (cty !== undefined && (typeof cty !== 'string' || mediaType(cty) === 'jwt'))
    throw refuse('malformed_token', 'the token is nested');
  if (kid !== undefined && typeof kid !== 'string') throw refuse('malformed_token', 'kid is not a string');
}

/** The media type of a `typ` or `cty` header, in lower case and without the `application/` that may be left out (RFC 7515 §4.1.9). */
export function mediaType(value: string): string {
  const lower = value.toLowerCase();
  return lower.startsWith('application/') ? lower.slice('application/'.length) : lower;
}
