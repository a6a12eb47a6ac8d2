import { formatPath } from '../problem/field-path.ts';
import { nodeAt, type Path } from '../schema/annotated-schema.ts';

/** The fields of a config file, as written, that hold a secret itself and not a reference to where it is. */
export function findWrittenSecrets(value: unknown, path: Path = []): readonly string[] {
  const node = nodeAt(path);
  if (node === undefined) return [];
  if (typeof value === 'string') return node.writeOnly === true && !value.includes('${') ? [formatPath(path)] : [];
  if (typeof value !== 'object' || value === null) return [];
  const entries: readonly (readonly [string | number, unknown])[] = Array.isArray(value)
    ? [...value.entries()]
    : Object.entries(value);
  return entries.flatMap(([key, member]) => findWrittenSecrets(member, [...path, key]));
}
