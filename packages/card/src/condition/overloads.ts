import { kind, number } from './static-type.ts';

/** Kinds of the operands, and the kinds of the result. */
export interface Overload {
  readonly operands: readonly number[];
  readonly result: number;
}

const { bool, int, double, string, list, map } = kind;

const arithmetic = [overload([int, int], int), overload([double, double], double)];
const comparison = [overload([number, number], bool), overload([string, string], bool), overload([bool, bool], bool)];
const logic = [overload([bool, bool], bool)];

/** Operators whose operands decide. Left out: `==`, `!=`, `in`, `[]` and `?:`, which look closer. */
export const operators: ReadonlyMap<string, readonly Overload[]> = new Map([
  ['_&&_', logic],
  ['_||_', logic],
  ['!_', [overload([bool], bool)]],
  ['@not_strictly_false', [overload([bool], bool)]],
  ['-_', [overload([int], int), overload([double], double)]],
  ['_+_', [...arithmetic, overload([string, string], string), overload([list, list], list)]],
  ['_-_', arithmetic],
  ['_*_', arithmetic],
  ['_/_', arithmetic],
  ['_%_', [overload([int, int], int)]],
  ['_<_', comparison],
  ['_<=_', comparison],
  ['_>_', comparison],
  ['_>=_', comparison],
]);

/** Functions, as `size(x)`. */
export const functions: ReadonlyMap<string, readonly Overload[]> = new Map([
  ['size', [overload([string | list | map], int)]],
  ['int', [overload([int | double | string], int)]],
  ['double', [overload([int | double | string], double)]],
  ['string', [overload([string | bool | int | double], string)]],
  ['bool', [overload([bool | string], bool)]],
]);

/** Methods, as `x.size()`. The first operand is the receiver. */
export const methods: ReadonlyMap<string, readonly Overload[]> = new Map([
  ['size', [overload([string | list | map], int)]],
  ['contains', [overload([string, string], bool)]],
  ['startsWith', [overload([string, string], bool)]],
  ['endsWith', [overload([string, string], bool)]],
  ['matches', [overload([string, string], bool)]],
]);

function overload(operands: readonly number[], result: number): Overload {
  return { operands, result };
}

/** The kinds of the result when these operands can meet an overload; `undefined` when they never can. */
export function resultOf(overloads: readonly Overload[], operands: readonly number[]): number | undefined {
  let result = 0;
  for (const candidate of overloads) {
    if (candidate.operands.length !== operands.length) continue;
    if (candidate.operands.every((bits, index) => (bits & (operands[index] ?? 0)) !== 0)) result |= candidate.result;
  }
  return result === 0 ? undefined : result;
}
