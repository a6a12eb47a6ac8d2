import type { z } from 'zod';

/**
 * A type in a form in which two are the same exactly when each extends the other: lists are read-only, `undefined` in optional
 * fields is gone, and every field is there and says whether it is optional. (A missing optional field would not show otherwise.)
 */
type Exposed<T> = T extends string | number | boolean
  ? T
  : T extends readonly (infer U)[]
    ? readonly Exposed<U>[]
    : {
        [K in keyof T]-?: {} extends Pick<T, K>
          ? ['optional', Exposed<Exclude<T[K], undefined>>]
          : ['required', Exposed<T[K]>];
      };

type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;

type Agreement<S extends z.ZodType, Input, Values> = [
  Same<Exposed<z.input<S>>, Exposed<Input>>,
  Same<Exposed<z.output<S>>, Exposed<Values>>,
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
