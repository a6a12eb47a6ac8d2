import type { JsonObject, JsonValue } from '@sallyport/core';
import { bareObject } from './bare-object.ts';
import { CardProblem, show, type DocumentPath } from './card-problem.ts';

/** Levels of nesting a card may have. */
const maxDepth = 32;
/** Characters and values a card may hold; also the greatest size of its file in bytes. */
export const maxSize = 1_048_576;

/**
 * A deeply frozen copy of plain data whose objects have no prototype, so that no name is special and nobody changes it later.
 * Members that are `undefined` are left out, as in JSON.
 */
export function copyJson(value: unknown): JsonValue {
  return copy(value, [], { left: maxSize });
}

function copy(value: unknown, path: DocumentPath, budget: { left: number }): JsonValue {
  try {
    return copyValue(value, path, budget);
  } catch (error) {
    // A getter or a proxy may throw anything, and its words may be anything.
    if (error instanceof CardProblem) throw error;
    throw new CardProblem(path, 'can not be read: a getter or proxy in it throws', 'use plain data');
  }
}

function copyValue(value: unknown, path: DocumentPath, budget: { left: number }): JsonValue {
  if (path.length > maxDepth)
    throw new CardProblem(path.slice(0, 4), `is nested deeper than ${maxDepth} levels`, 'make it flatter');
  spend(budget, 1);
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (typeof value === 'string') {
    spend(budget, value.length);
    return value;
  }
  if (Array.isArray(value))
    return Object.freeze(Array.from(value, (item, index) => copy(item, [...path, index], budget)));
  if (isPlainObject(value)) return copyObject(value, path, budget);
  throw new CardProblem(
    path,
    `must be JSON, not ${kindOf(value)}`,
    'use objects, lists, strings, numbers, true, false or null',
  );
}

function copyObject(value: Record<string, unknown>, path: DocumentPath, budget: { left: number }): JsonObject {
  const result = bareObject();
  for (const [key, member] of Object.entries(value)) {
    if (member === undefined) continue;
    spend(budget, key.length);
    result[key] = copy(member, [...path, key], budget);
  }
  return Object.freeze(result);
}

function spend(budget: { left: number }, cost: number): void {
  budget.left -= cost;
  if (budget.left < 0) throw new CardProblem([], `is larger than ${maxSize} characters`, 'make it smaller');
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

function kindOf(value: unknown): string {
  return typeof value === 'object' ? 'an object of a class' : show(value);
}
