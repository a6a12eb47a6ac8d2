import { Refusal } from '../errors/refusal.ts';
import { defaultMaxValues, tooDeep, tooManyValues, type JsonLimits } from './json-limits.ts';
import type { JsonValue } from './json.ts';

const notFinite = 'number out of range';

/** Freezes what `JSON.parse` made, deeply, and returns the number of members of all its objects. Iterative. */
export function freezeParsed(root: JsonValue): number {
  if (typeof root !== 'object' || root === null) {
    requireFinite(root);
    return 0;
  }
  let members = 0;
  const open: object[] = [root];
  const enter = (child: unknown): void => {
    if (typeof child === 'object' && child !== null) open.push(child);
    else requireFinite(child);
  };
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (Array.isArray(node)) {
      for (const child of node) enter(child);
    } else {
      // Keys and look-ups: on objects with many members Object.values takes half as long again.
      const keys = Object.keys(node);
      members += keys.length;
      for (const key of keys) enter((node as Record<string, unknown>)[key]);
    }
    Object.freeze(node);
  }
  return members;
}

/**
 * Freezes a body that somebody else parsed, deeply and in place, after checking that it is plain JSON data within the
 * limits: no accessors, no instances of classes, no holes, no cycles, no `undefined`, only finite numbers.
 *
 * What can not be checked any more: duplicate member names, a byte order mark, the encoding, the size of the text.
 *
 * @throws Refusal `malformed_rpc` or `too_large`.
 */
export function freezeJson(value: unknown, limits: JsonLimits): JsonValue {
  try {
    return freezeForeign(value, limits.jsonDepth, limits.maxValues ?? defaultMaxValues);
  } catch (error) {
    // A proxy may throw anything from its traps.
    throw error instanceof Refusal ? error : notPlain(error);
  }
}

function freezeForeign(root: unknown, maxDepth: number, maxValues: number): JsonValue {
  let values = 1;
  const open: [node: object, depth: number][] = [];
  const enter = (value: unknown, depth: number): void => {
    if (typeof value === 'object' && value !== null) {
      // Also what ends the walk of a cycle.
      if (depth > maxDepth) throw new Refusal('malformed_rpc', { detail: tooDeep(maxDepth) });
      open.push([value, depth]);
    } else if (typeof value === 'number') {
      requireFinite(value);
    } else if (typeof value !== 'string' && typeof value !== 'boolean' && value !== null) {
      throw notPlain();
    }
  };
  enter(root, 1);
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [node, depth] = next;
    const keys = plainKeys(node);
    values += Array.isArray(node) ? keys.length : 2 * keys.length;
    if (values > maxValues) throw new Refusal('too_large', { detail: tooManyValues(maxValues) });
    for (const key of keys) {
      const property = Object.getOwnPropertyDescriptor(node, key);
      // An accessor could answer differently each time it is read.
      if (property === undefined || !('value' in property)) throw notPlain();
      enter(property.value, depth + 1);
    }
    Object.freeze(node);
  }
  return root as JsonValue;
}

/** The keys of a plain object, or the indexes of an array without holes and without other members. */
function plainKeys(node: object): string[] {
  const keys = Object.keys(node);
  const prototype: unknown = Object.getPrototypeOf(node);
  const plain = Array.isArray(node)
    ? prototype === Array.prototype && keys.length === node.length && keys.at(-1) === lastIndex(node)
    : prototype === Object.prototype || prototype === null;
  if (!plain) throw notPlain();
  return keys;
}

function lastIndex(array: readonly unknown[]): string | undefined {
  return array.length === 0 ? undefined : String(array.length - 1);
}

function requireFinite(value: unknown): void {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new Refusal('malformed_rpc', { detail: notFinite });
}

function notPlain(cause?: unknown): Refusal {
  return new Refusal('malformed_rpc', { detail: 'not plain JSON data', cause });
}
