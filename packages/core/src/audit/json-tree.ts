import type { JsonValue } from '../call/json.ts';

/** Sets an own member, whatever its name: assigning to `__proto__` would set the prototype and lose the member. */
export function setMember(object: Record<string, JsonValue>, name: string, value: JsonValue): void {
  if (name !== '__proto__') object[name] = value;
  else Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
}

/** A member's name as one step of a JSON pointer (RFC 6901 §3). */
export function escapePointer(name: string): string {
  if (!name.includes('~') && !name.includes('/')) return name;
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}
