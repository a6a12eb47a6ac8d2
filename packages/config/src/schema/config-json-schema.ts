import { annotatedSchema } from './annotated-schema.ts';
import { annotation } from './field.ts';

/** Where the published JSON Schema can be found. */
const schemaUrl = 'https://sallyport.dev/schema/config.json';

/** A string that refers to a variable or a file: what it becomes can only be checked when it is loaded. */
const reference = { type: 'string', pattern: String.raw`\$\{(env|file):[^}]+\}` };

/** Keywords that hold a schema or a list of them. */
const schemaKeywords: ReadonlySet<string> = new Set(['items', 'anyOf', 'not', 'additionalProperties', 'propertyNames']);

const notes: ReadonlySet<string> = new Set(Object.values(annotation));

/**
 * The JSON Schema (2020-12) of the config file, before `${env:…}` and `${file:…}` are resolved. A new object every time.
 *
 * It describes shapes. What it can not express, `loadConfig` still checks: URLs, hosts, proxies, duplicates.
 * Fields and values that are not available yet are not valid against it.
 */
export function configJsonSchema(): object {
  const { $schema, ...rest } = publish(annotatedSchema(), 'node') as Record<string, unknown>;
  return { $schema, $id: schemaUrl, title: 'Sallyport configuration', ...rest };
}

function publish(value: unknown, kind: 'node' | 'named' | 'data'): unknown {
  if (Array.isArray(value)) return value.map((item) => publish(item, kind));
  if (typeof value !== 'object' || value === null) return value;
  const copy: Record<string, unknown> = {};
  for (const [key, member] of Object.entries(value)) {
    if (kind === 'node' && notes.has(key)) continue;
    copy[key] = publish(member, kind === 'node' ? kindOf(key) : kind === 'named' ? 'node' : 'data');
  }
  return kind === 'node' ? withReference(withAvailability(copy, value)) : copy;
}

/** What stands under a keyword: a schema or a list of them, schemas by name, or plain data. */
function kindOf(keyword: string): 'node' | 'named' | 'data' {
  if (keyword === 'properties') return 'named';
  return schemaKeywords.has(keyword) ? 'node' : 'data';
}

function withAvailability(node: Record<string, unknown>, source: object): Record<string, unknown> {
  const notYet: unknown = (source as Record<string, unknown>)[annotation.notYet];
  if (notYet === undefined) return node;
  const words = notYet === true ? 'Not available yet.' : `Not available yet: ${(notYet as string[]).join(', ')}.`;
  return { ...node, description: `${String(node['description'])} ${words}` };
}

/** Lets a string with a pattern or fixed values also be a reference. */
function withReference(node: Record<string, unknown>): Record<string, unknown> {
  if (node['type'] !== 'string' || (node['pattern'] === undefined && node['enum'] === undefined)) return node;
  const { type, pattern, enum: values, minLength, ...rest } = node;
  const own = {
    type,
    ...(minLength === undefined ? {} : { minLength }),
    ...(pattern === undefined ? {} : { pattern }),
    ...(values === undefined ? {} : { enum: values }),
  };
  return { ...rest, anyOf: [own, reference] };
}
