import { other } from '../conventions/known-methods.ts';

/**
 * A bound on how many values an attribute can have, for names that come from the configuration or the card: the first ones are kept, and
 * whatever comes after them is `_OTHER`. Values that only a caller chose must not come here at all: they would use up the places.
 */
export function boundedValues(max: number): (value: string) => string {
  const known = new Set<string>();
  return (value) => {
    if (known.size < max) known.add(value);
    return known.has(value) ? value : other;
  };
}
