import { annotatedSchema, nodeAt, type Path, type SchemaNode } from '../schema/annotated-schema.ts';
import { formatPath } from './field-path.ts';

/** The fields an object of the config file may have. */
export function knownFields(path: Path): readonly string[] {
  return Object.keys(nodeAt(path)?.properties ?? {});
}

/** The field that was probably meant: a close name in the same object, or the same name elsewhere. */
export function suggestField(path: Path, name: string): string | undefined {
  const close = closest(name, knownFields(path));
  if (close !== undefined) return formatPath([...path, close]);
  const elsewhere = findField(annotatedSchema(), [], plain(name));
  return elsewhere === undefined ? undefined : formatPath(elsewhere);
}

/** A field anywhere in the file, by its plain name. */
function findField(node: SchemaNode, path: Path, name: string): Path | undefined {
  for (const [key, child] of Object.entries(node.properties ?? {})) {
    const here = [...path, key];
    if (plain(key) === name) return here;
    const found =
      findField(child, here, name) ??
      (child.items === undefined ? undefined : findField(child.items, [...here, 0], name));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The name with the fewest changes, if it is close enough to be a slip. */
function closest(name: string, candidates: readonly string[]): string | undefined {
  if (name.length > 64) return undefined;
  const most = name.length < 5 ? 1 : name.length < 9 ? 2 : 3;
  let best: { candidate: string; changes: number } | undefined;
  for (const candidate of candidates) {
    const changes = distance(plain(name), plain(candidate));
    if (changes <= most && changes < (best?.changes ?? Infinity)) best = { candidate, changes };
  }
  return best?.candidate;
}

/** Without what people get wrong first: case, hyphens, underscores. */
function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[-_]/g, '');
}

/** Levenshtein distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 0; i < a.length; i += 1) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j += 1) {
      const swap = (row[j] ?? 0) + (a[i] === b[j] ? 0 : 1);
      next.push(Math.min(swap, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
