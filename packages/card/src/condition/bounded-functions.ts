import {
  celFunc,
  celList,
  celMethod,
  CelScalar,
  isCelList,
  isCelMap,
  listType,
  type CelFunc,
  type CelList,
  type CelValue,
} from '@bufbuild/cel';
import { spend, textSteps } from './meter.ts';
import { matchesPattern } from './patterns.ts';

const { BOOL, DOUBLE, DYN, INT, STRING } = CelScalar;
const LIST = listType(DYN);

/** Functions of the rewritten expression (`boundExpression`); no condition can call them. */
export const loopRange = '@items';
export const appendItem = '@append';

/** A longer text is no number. */
const maxDigits = 40;

/**
 * Functions that replace those of the evaluator wherever their cost depends on the size of what the caller sends, and where the
 * evaluator is lenient: no result is infinite or not a number, and only decimal texts are numbers.
 */
export const boundedFunctions: readonly CelFunc[] = [
  celFunc('_==_', [DYN, DYN], BOOL, isEqual),
  celFunc('_!=_', [DYN, DYN], BOOL, (left, right) => !isEqual(left, right)),
  celFunc('@in', [DYN, LIST], BOOL, isIn),
  celFunc(loopRange, [DYN, INT], DYN, takeRange),
  celFunc(appendItem, [LIST, DYN], LIST, append),
  celFunc('_+_', [LIST, LIST], LIST, (left, right) => {
    spend(left.size + right.size);
    return celList([...left, ...right]);
  }),
  celFunc('_+_', [STRING, STRING], STRING, (left, right) => {
    spend(textSteps(left.length + right.length));
    return left + right;
  }),
  celFunc('_+_', [DOUBLE, DOUBLE], DOUBLE, (left, right) => finite(left + right)),
  celFunc('_-_', [DOUBLE, DOUBLE], DOUBLE, (left, right) => finite(left - right)),
  celFunc('_*_', [DOUBLE, DOUBLE], DOUBLE, (left, right) => finite(left * right)),
  celFunc('_/_', [DOUBLE, DOUBLE], DOUBLE, (left, right) => finite(left / right)),
  ...ordering('_<_', (left, right) => left < right),
  ...ordering('_<=_', (left, right) => left <= right),
  ...ordering('_>_', (left, right) => left > right),
  ...ordering('_>=_', (left, right) => left >= right),
  celFunc('size', [STRING], INT, codePoints),
  celMethod('size', STRING, [], INT, function () {
    return codePoints(this);
  }),
  celMethod('contains', STRING, [STRING], BOOL, function (part) {
    // The built-in search compares up to every character of one text with every one of the other.
    spend(textSteps(this.length) + (part.length > 128 ? (this.length * part.length) / 1024 : 0));
    return this.includes(part);
  }),
  celMethod('startsWith', STRING, [STRING], BOOL, function (part) {
    spend(textSteps(part.length));
    return this.startsWith(part);
  }),
  celMethod('endsWith', STRING, [STRING], BOOL, function (part) {
    spend(textSteps(part.length));
    return this.endsWith(part);
  }),
  celMethod('matches', STRING, [STRING], BOOL, function (pattern) {
    return matchesPattern(this, pattern);
  }),
  celFunc('int', [STRING], INT, (text) => BigInt.asIntN(64, exactInteger(text))),
  celFunc('double', [STRING], DOUBLE, (text) => {
    if (text.length > maxDigits || !/^-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/.test(text)) throw notANumber();
    return finite(Number(text));
  }),
];

function ordering(name: string, compare: (left: string, right: string) => boolean): readonly CelFunc[] {
  return [
    celFunc(name, [STRING, STRING], BOOL, (left, right) => {
      spend(textSteps(Math.min(left.length, right.length)));
      return compare(left, right);
    }),
  ];
}

/** Equality of CEL: numbers by value, lists and maps by content, everything else only within its type. */
function isEqual(left: CelValue, right: CelValue): boolean {
  if (typeof left === 'string' && typeof right === 'string') {
    if (left.length !== right.length) return false;
    spend(textSteps(left.length));
    return left === right;
  }
  if (left === right) return true;
  if (isNumber(left) && isNumber(right)) return isSameNumber(left, right);
  if (isCelList(left)) {
    if (!isCelList(right) || left.size !== right.size) return false;
    spend(left.size);
    for (let index = 0; index < left.size; index += 1) {
      if (!isEqual(left.get(index) ?? null, right.get(index) ?? null)) return false;
    }
    return true;
  }
  if (!isCelMap(left) || !isCelMap(right) || left.size !== right.size) return false;
  spend(left.size);
  for (const [key, value] of left) {
    if (!right.has(key) || !isEqual(value, right.get(key) ?? null)) return false;
  }
  return true;
}

/** By value: a bigint and a number are never strictly equal, and no number stands for every bigint. */
function isSameNumber(left: number | bigint, right: number | bigint): boolean {
  return left === right || exactly(left) === exactly(right);
}

/** A whole number as a bigint. */
function exactly(value: number | bigint): number | bigint {
  return typeof value === 'number' && Number.isInteger(value) ? BigInt(value) : value;
}

function isNumber(value: CelValue): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}

function isIn(value: CelValue, list: CelList): boolean {
  spend(list.size / 4);
  for (const item of list) if (isEqual(item, value)) return true;
  return false;
}

/** Pays for a whole loop before it starts: the evaluator goes on after an error in one of its rounds. */
function takeRange(range: CelValue, weight: bigint): CelValue {
  if (isCelList(range) || isCelMap(range)) spend(range.size * Number(weight));
  return range;
}

/** Lists that a macro is building; nobody else holds them, so they can grow in place. */
const growing = new WeakMap<CelList, CelValue[]>();

function append(list: CelList, item: CelValue): CelList {
  const items = growing.get(list);
  if (items !== undefined) {
    items.push(item);
    return list;
  }
  const started = [item];
  const result = celList(started);
  growing.set(result, started);
  return result;
}

function codePoints(text: string): bigint {
  spend(textSteps(text.length));
  let pairs = 0;
  for (let index = 0; index + 1 < text.length; index += 1) {
    if (text.charCodeAt(index) < 0xd800 || text.charCodeAt(index) > 0xdbff) continue;
    const next = text.charCodeAt(index + 1);
    if (next < 0xdc00 || next > 0xdfff) continue;
    pairs += 1;
    index += 1;
  }
  return BigInt(text.length - pairs);
}

function exactInteger(text: string): bigint {
  if (text.length > maxDigits || !/^-?[0-9]+$/.test(text)) throw notANumber();
  const value = BigInt(text);
  if (BigInt.asIntN(64, value) !== value) throw notANumber();
  return value;
}

function finite(value: number): number {
  if (Number.isFinite(value)) return value;
  throw new Error('not a finite number');
}

function notANumber(): Error {
  return new Error('not a number');
}
