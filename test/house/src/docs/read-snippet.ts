import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const begin = /^\s*\/\/ ?#region (\S+)$/;
const finish = /^\s*\/\/ ?#endregion\b/;

export type Snippet = { readonly lines: readonly string[] } | { readonly problem: string };

/** Reads `path` or `path#region` as it belongs into a code block: without the markers and without the common indentation. */
export function readSnippet(root: string, source: string, typeCheckedFolders: readonly string[]): Snippet {
  const [path = '', region] = source.split('#');
  if (!existsSync(join(root, path))) return { problem: `shows ${path}, which does not exist` };
  if (/\.[cm]?[jt]s$/.test(path) && !typeCheckedFolders.some((folder) => path.startsWith(folder))) {
    return { problem: `shows ${path}, which nothing type-checks; add its folder to tsconfig.json` };
  }
  const lines = readFileSync(join(root, path), 'utf8').trimEnd().split('\n');
  if (region === undefined) return { lines: lines.filter((line) => !begin.test(line) && !finish.test(line)) };
  const start = lines.findIndex((line) => begin.exec(line)?.[1] === region);
  const end = lines.findIndex((line, index) => index > start && finish.test(line));
  if (start === -1 || end === -1) return { problem: `shows region ${region} of ${path}, which does not exist` };
  const inner = lines.slice(start + 1, end);
  if (inner.some((line) => begin.test(line)))
    return { problem: `shows region ${region} of ${path}, which holds another region` };
  return { lines: dedent(inner) };
}

function dedent(lines: readonly string[]): string[] {
  const depths = lines.filter((line) => line.trim() !== '').map((line) => line.length - line.trimStart().length);
  const depth = Math.min(...depths);
  return lines.map((line) => line.slice(depth));
}
