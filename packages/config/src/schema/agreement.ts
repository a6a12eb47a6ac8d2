import type { z } from 'zod';

/** A type without what zod adds: mutable arrays and `undefined` in optional fields. */
type Plain<T> = T extends string | number | boolean
  ? T
  : T extends readonly (infer U)[]
    ? readonly Plain<U>[]
    : { [K in keyof T]: Plain<Exclude<T[K], undefined>> };

type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;

type Agreement<S extends z.ZodType, Input, Values> = [
  Same<Plain<z.input<S>>, Plain<Input>>,
  Same<Plain<z.output<S>>, Plain<Values>>,
] extends [true, true]
  ? z.ZodType<Values, Input>
  : 'the schema and the written types differ';

/**
 * Gives a schema its written types, and does not compile when schema and types differ in either direction.
 * (Under `isolatedDeclarations` the types can not be inferred from an exported schema.)
 */
export function agreed<Input, Values>(): <S extends z.ZodType>(schema: S) => Agreement<S, Input, Values> {
  return <S extends z.ZodType>(schema: S) => schema as unknown as Agreement<S, Input, Values>;
}
