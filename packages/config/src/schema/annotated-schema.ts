import { z } from 'zod';
import type { annotation } from './field.ts';
import { configSchema } from './config-schema.ts';

/** A node of the config file's JSON Schema, with the notes of its field. */
export interface SchemaNode {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly examples?: readonly unknown[];
  readonly writeOnly?: boolean;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  readonly items?: SchemaNode;
  /** `false` where unknown members are refused. */
  readonly additionalProperties?: SchemaNode | boolean;
  readonly anyOf?: readonly SchemaNode[];
  readonly pattern?: string;
  readonly not?: unknown;
  readonly [annotation.expected]?: string;
  readonly [annotation.defaultText]?: string;
  readonly [annotation.sameAs]?: string;
  readonly [annotation.notYet]?: true | readonly string[];
}

export type Path = readonly (string | number)[];

let annotated: SchemaNode | undefined;

/** The JSON Schema of the config file as written, with the notes that `field` attached. Do not change it. */
export function annotatedSchema(): SchemaNode {
  annotated ??= z.toJSONSchema(configSchema, { io: 'input', target: 'draft-2020-12', reused: 'inline' }) as SchemaNode;
  return annotated;
}

/** The schema nodes from the root to a place in the file; ends early where the schema says nothing more. */
export function nodesAlong(path: Path): readonly SchemaNode[] {
  const nodes = [annotatedSchema()];
  for (const key of path) {
    const next = childOf(nodes.at(-1), key);
    if (next === undefined) break;
    nodes.push(next);
  }
  return nodes;
}

/** The schema node of a place in the file. */
export function nodeAt(path: Path): SchemaNode | undefined {
  const nodes = nodesAlong(path);
  return nodes.length === path.length + 1 ? nodes.at(-1) : undefined;
}

function childOf(node: SchemaNode | undefined, key: string | number): SchemaNode | undefined {
  if (node === undefined) return undefined;
  if (typeof key === 'string' && node.properties !== undefined && Object.hasOwn(node.properties, key))
    return node.properties[key];
  if (typeof key === 'string' && typeof node.additionalProperties === 'object') return node.additionalProperties;
  if (typeof key === 'number' && node.items !== undefined) return node.items;
  for (const branch of node.anyOf ?? []) {
    const found = childOf(branch, key);
    if (found !== undefined) return found;
  }
  return undefined;
}
