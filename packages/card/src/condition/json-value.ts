import { celList, celMap, type CelMap, type CelValue } from '@bufbuild/cel';
import type { JsonObject, JsonValue } from '@sallyport/core';
import { spend } from './meter.ts';

/**
 * JSON as a condition sees it. Only own members exist, whatever they are called, and they are converted when they are looked at.
 * Numbers are doubles, as in any CEL over JSON. The evaluator's own conversion is not used: it would take an object that looks like a
 * protobuf message for one. Throws for what is not JSON.
 */
function jsonValue(value: JsonValue | undefined): CelValue {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      if (Number.isFinite(value)) return value;
      break;
    case 'object':
      if (value === null) return null;
      if (!isList(value)) return jsonMap(value);
      spend(1 + value.length / 8);
      return celList(value.map(jsonValue));
    default:
  }
  throw new Error('not JSON');
}

/** As `jsonValue`, of an object. */
export function jsonMap(source: JsonObject): CelMap {
  spend(2);
  const members = new JsonMembers(source);
  const map = celMap(members);
  // A member that is null exists; the map's own method says that it does not.
  map.has = (key) => typeof key === 'string' && members.has(key);
  return map;
}

class JsonMembers implements ReadonlyMap<string, CelValue> {
  readonly #source: JsonObject;
  /** What was looked at, so that nothing is converted twice. */
  #converted: Map<string, CelValue> | undefined;
  #keys: readonly string[] | undefined;

  constructor(source: JsonObject) {
    this.#source = source;
  }

  get size(): number {
    return this.#names().length;
  }

  has(key: string): boolean {
    return Object.hasOwn(this.#source, key);
  }

  get(key: string): CelValue | undefined {
    // Conditions may look up numbers, which are names of no member.
    if (typeof key !== 'string' || !Object.hasOwn(this.#source, key)) return undefined;
    const known = this.#converted?.get(key);
    if (known !== undefined) return known;
    const value = jsonValue(this.#source[key]);
    this.#converted ??= new Map();
    this.#converted.set(key, value);
    return value;
  }

  forEach(callback: (value: CelValue, key: string, map: ReadonlyMap<string, CelValue>) => void): void {
    for (const [key, value] of this.entries()) callback(value, key, this);
  }

  keys(): MapIterator<string> {
    return this.#names().values();
  }

  values(): MapIterator<CelValue> {
    return this.#names()
      .map((key) => this.get(key) ?? null)
      .values();
  }

  entries(): MapIterator<[string, CelValue]> {
    return this.#names()
      .map((key): [string, CelValue] => [key, this.get(key) ?? null])
      .values();
  }

  [Symbol.iterator](): MapIterator<[string, CelValue]> {
    return this.entries();
  }

  #names(): readonly string[] {
    if (this.#keys === undefined) {
      this.#keys = Object.keys(this.#source);
      spend(this.#keys.length / 8);
    }
    return this.#keys;
  }
}

function isList(value: JsonObject | readonly JsonValue[]): value is readonly JsonValue[] {
  return Array.isArray(value);
}
