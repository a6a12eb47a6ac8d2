import type { JsonValue } from '@sallyport/core';

/** Whether a value has more than so many characters as JSON text, about. Looks at no more of it than it takes to tell. */
export function isLarger(value: JsonValue, characters: number): boolean {
  let left = characters;
  const look = (current: JsonValue): boolean => {
    left -= typeof current === 'string' ? current.length + 2 : 2;
    if (left < 0) return true;
    if (typeof current !== 'object' || current === null) return false;
    if (Array.isArray(current)) return current.some(look);
    for (const [name, child] of Object.entries(current as Readonly<Record<string, JsonValue>>)) {
      left -= name.length + 3;
      if (look(child)) return true;
    }
    return false;
  };
  return look(value);
}
