import { isJsonObject, type JsonValue } from '@sallyport/core';
import type { Claims } from '../jwt/decode-jwt.ts';

/** Where a claim is: its name, or the names from the outermost object to it. A name is never taken apart, whatever dots it has. */
export type ClaimPath = string | readonly string[];

/** The value at a path. Only own members of JSON objects count: no path leads to what a payload did not spell out. */
export function claimAt(claims: Claims, path: ClaimPath): JsonValue | undefined {
  if (typeof path === 'string') return Object.hasOwn(claims, path) ? claims[path] : undefined;
  let value: JsonValue | undefined = claims as JsonValue;
  for (const name of path) {
    if (!isJsonObject(value) || !Object.hasOwn(value, name)) return undefined;
    value = value[name];
  }
  return value;
}
