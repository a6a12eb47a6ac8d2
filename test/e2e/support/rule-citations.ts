import { parseSync, Visitor } from 'oxc-parser';

const row = /\b[A-K]-[0-9]{2,3}\b/g;

/**
 * The rows that a test file names in its strings: in the names of its tests and in the tables they are made from. What is only
 * commented out does not count.
 */
export function namedRows(file: string, text: string): string[] {
  const found = new Set<string>();
  const look = (value: unknown): void => {
    if (typeof value === 'string') for (const [name] of value.matchAll(row)) found.add(name);
  };
  new Visitor({
    Literal: ({ value }) => look(value),
    TemplateElement: ({ value }) => look(value.cooked),
  }).visit(parseSync(file, text).program);
  return [...found];
}
