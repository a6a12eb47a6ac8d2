import type { Path } from '../schema/annotated-schema.ts';
import { quote } from './show-value.ts';

/** A path as people write it: `issuers[0].audience`. Unusual names are quoted: `card["a b"]`. */
export function formatPath(path: Path): string {
  let text = '';
  for (const key of path) {
    if (typeof key === 'number') text += `[${key}]`;
    else if (/^[$A-Za-z_][$\w-]{0,63}$/.test(key)) text += text === '' ? key : `.${key}`;
    else text += `[${quote(key)}]`;
  }
  return text;
}
