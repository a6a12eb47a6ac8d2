import type { JsonObject } from '@sallyport/core';
import { parseDocument, stringify } from 'yaml';
import type { BuiltCard } from './card-from-listing.ts';

export interface FormatCardOptions {
  /** Default `json`. */
  readonly format?: 'json' | 'yaml';
  /** The text of the YAML file that was brought up to date: its comments and its layout stay. */
  readonly previous?: string;
}

/** The text of a card that was built, with a final line feed. */
export function formatCard({ document, changes }: BuiltCard, options: FormatCardOptions = {}): string {
  const { format = 'json', previous } = options;
  if (format === 'json') return `${JSON.stringify(document, undefined, 2)}\n`;
  if (previous === undefined) return stringify(plain(document), { lineWidth: 0 });
  const yaml = parseDocument(previous, { schema: 'core', version: '1.2', stringKeys: true });
  for (const { path, value } of changes) yaml.setIn([...path], yaml.createNode(plain(value)));
  return yaml.toString({ lineWidth: 0 });
}

/** Objects with a prototype, which is what the YAML library expects. */
function plain(value: unknown): JsonObject {
  return JSON.parse(JSON.stringify(value)) as JsonObject;
}
