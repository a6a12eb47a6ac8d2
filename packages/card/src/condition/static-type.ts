/** The kinds of values a condition can meet, as bits: an expression may have one of several. */
export const kind = { bool: 1, int: 2, double: 4, string: 8, null: 16, list: 32, map: 64 } as const;

/** What is known of an expression before it is evaluated. */
export interface StaticType {
  /** Bits of `kind`. */
  readonly kinds: number;
  /** Of lists: what is in them. Absent: anything. */
  readonly element?: StaticType;
  /** Of maps with a fixed set of members, such as `principal`. */
  readonly fields?: ReadonlyMap<string, StaticType>;
}

const { bool, int, double, string, list, map } = kind;

/** Any number. */
export const number: number = int | double;
/** Anything that can stand in JSON. Its numbers are doubles, however they are written. */
export const json: StaticType = { kinds: bool | double | string | kind.null | list | map };

export const boolType: StaticType = { kinds: bool };
export const intType: StaticType = { kinds: int };
export const stringType: StaticType = { kinds: string };
export const stringsType: StaticType = { kinds: list, element: stringType };

const names: readonly (readonly [bits: number, name: string])[] = [
  [json.kinds, 'a JSON value'],
  [bool, 'bool'],
  [int, 'int'],
  [double, 'double'],
  [string, 'string'],
  [kind.null, 'null'],
  [list, 'list'],
  [map, 'map'],
];

/** As a message says it: `string`, `int or double`, `a JSON value`. */
export function describeKinds(kinds: number): string {
  const parts: string[] = [];
  let left = kinds;
  for (const [bits, name] of names) {
    if ((left & bits) !== bits) continue;
    parts.push(name);
    left &= ~bits;
  }
  return parts.join(' or ');
}

/** Either of the two, as after `?:`. */
export function eitherOf(one: StaticType, other: StaticType): StaticType {
  if (one === other) return one;
  const element = one.element && other.element && eitherOf(one.element, other.element);
  return { kinds: one.kinds | other.kinds, ...(element !== undefined && { element }) };
}

/** Whether values of the two can be equal. An int and a double can. */
export function canBeEqual(one: number, other: number): boolean {
  const widen = (kinds: number): number => ((kinds & number) === 0 ? kinds : kinds | number);
  return (widen(one) & widen(other)) !== 0;
}
