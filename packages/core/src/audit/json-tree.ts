import type { JsonValue } from '../call/json.ts';

/** The leaves of a value: what is no container, empty containers, and whatever lies below `levels` levels as one. */
export function countLeaves(value: JsonValue, levels: number): number {
  if (typeof value !== 'object' || value === null || levels <= 0) return 1;
  const children: readonly JsonValue[] = Array.isArray(value) ? value : Object.values(value);
  if (children.length === 0) return 1;
  let count = 0;
  for (const child of children) count += countLeaves(child, levels - 1);
  return count;
}

/** Sets an own member, whatever its name: assigning to `__proto__` would set the prototype and lose the member. */
export function setMember(object: Record<string, JsonValue>, name: string, value: JsonValue): void {
  if (name !== '__proto__') object[name] = value;
  else Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
}

/** The JSON text of a value; `null` for what JSON leaves out, which must not stop a record. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value) ?? 'null';
}

/** A member's name as one step of a JSON pointer (RFC 6901 §3). */
export function escapePointer(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}
