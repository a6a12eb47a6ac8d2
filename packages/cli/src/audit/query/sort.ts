import { InvalidArgumentError } from 'commander';

/** An order of rows. */
export interface Sort {
  readonly by: string;
  readonly descending: boolean;
}

/** Reads `calls` as ascending, `-calls` as descending. */
export function parseSort(text: string): Sort {
  const descending = text.startsWith('-');
  const by = descending ? text.slice(1) : text;
  if (!/^[a-z_]{1,32}$/.test(by))
    throw new InvalidArgumentError('Expected a column, as in time, or -calls for descending.');
  return { by, descending };
}

/** Compares rows by a value; rows with the same one stay in the order in which they were found. */
export function sorted<Row>(valueOf: (row: Row) => string | number, { descending }: Sort): (a: Row, b: Row) => number {
  const sign = descending ? -1 : 1;
  return (a, b) => {
    const [left, right] = [valueOf(a), valueOf(b)];
    return left === right ? 0 : left < right ? -sign : sign;
  };
}
