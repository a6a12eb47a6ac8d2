import type { JsonValue } from '@sallyport/core';

/** An empty object without a prototype: no member name is special, `__proto__` included. */
export function bareObject(): Record<string, JsonValue> {
  return Object.create(null) as Record<string, JsonValue>;
}
