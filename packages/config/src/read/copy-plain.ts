import type { Path } from '../schema/annotated-schema.ts';
import type { Problem } from '../problem/problem.ts';

/** What may stand in a configuration file. */
export type PlainValue = null | boolean | number | string | PlainValue[] | { [key: string]: PlainValue };

const maxDepth = 64;
const maxValues = 100_000;

/** Thrown when a value is no configuration at all. */
export class NotPlain extends Error {
  override readonly name = 'NotPlain';
  readonly problem: Problem;

  constructor(path: Path, problem: string, remedy: string) {
    super(problem);
    this.problem = { kind: 'invalid', path, problem, remedy };
  }
}

/**
 * Copies a value that consists of nothing but JSON, passing each text through `mapText`.
 * The copy shares nothing with the original. Cycles, bombs and objects of classes are refused, and so is `undefined`:
 * a variable that is not set must not silently become a default.
 */
export function copyPlain(value: unknown, mapText: (text: string, path: Path) => string): PlainValue {
  let values = 0;
  const copy = (current: unknown, path: Path): PlainValue => {
    values += 1;
    if (path.length > maxDepth)
      throw new NotPlain(path.slice(0, 4), `is nested deeper than ${maxDepth} levels`, 'make it flatter');
    if (values > maxValues) throw new NotPlain([], `holds more than ${maxValues} values`, 'make it smaller');
    if (typeof current === 'string') return mapText(current, path);
    if (current === null || typeof current === 'boolean') return current;
    if (typeof current === 'number') {
      if (Number.isFinite(current)) return current;
      throw new NotPlain(path, `is ${current}, which is not a number of JSON`, 'write a finite number');
    }
    if (Array.isArray(current)) return Array.from(current, (item: unknown, index) => copy(item, [...path, index]));
    if (!isPlainObject(current))
      throw new NotPlain(
        path,
        `is ${kindOf(current)}, which no config file can hold`,
        'leave it out or write a value of JSON',
      );
    const result: Record<string, PlainValue> = {};
    for (const [key, member] of Object.entries(current)) {
      if (key === '__proto__') throw new NotPlain([...path, key], 'is not a known field', 'remove it');
      result[key] = copy(member, [...path, key]);
    }
    return result;
  };
  return copy(value, []);
}

function isPlainObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  // The prototype of a plain object has none itself; this also holds for objects of another realm.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function kindOf(value: unknown): string {
  return typeof value === 'object' ? 'an object of a class' : value === undefined ? 'undefined' : `a ${typeof value}`;
}
