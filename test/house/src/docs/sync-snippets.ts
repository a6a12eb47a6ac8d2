import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Report } from '../report.ts';
import { readJson } from '../workspace/workspace.ts';
import { documentsOf } from './documents.ts';
import { readSnippet } from './read-snippet.ts';

const marker = /^<!-- snippet: (\S+) -->$/;
const code = /^```(?:ts|typescript|js|javascript)\b/;

export interface SyncSnippetsOptions {
  /** Bring the snippets up to date instead of complaining about them. Default false. */
  readonly write?: boolean;
}

/**
 * Keeps the code in the documentation equal to code that is type-checked. A block below `<!-- snippet: path#region -->` is a region
 * of that file (between `//#region name` and `//#endregion`), and one below `<!-- snippet: path -->` the whole file. A TypeScript or
 * JavaScript block without a marker is a problem.
 */
export function syncSnippets(root: string, options: SyncSnippetsOptions = {}): Report {
  const checked = typeCheckedFolders(root);
  const pages = documentsOf(root);
  const problems: string[] = [];
  let snippets = 0;
  for (const page of pages) {
    const text = readFileSync(join(root, page), 'utf8');
    const lines = text.split('\n');
    const written: string[] = [];
    for (let at = 0; at < lines.length; at += 1) {
      const line = lines[at] ?? '';
      written.push(line);
      const source = marker.exec(line)?.[1];
      if (source === undefined) {
        if (!line.startsWith('```')) continue;
        if (code.test(line))
          problems.push(`${page}:${at + 1} is code that nothing checks; make it a snippet of a type-checked file`);
        const end = fenceEnd(lines, at);
        written.push(...lines.slice(at + 1, end + 1));
        at = end;
        continue;
      }
      snippets += 1;
      // The formatter puts an empty line below a comment.
      const open = lines[at + 1] === '' ? at + 2 : at + 1;
      const fence = lines[open] ?? '';
      if (!fence.startsWith('```')) {
        problems.push(`${page}:${at + 1} is not followed by a code block`);
        continue;
      }
      const end = fenceEnd(lines, open);
      const stated = lines.slice(open + 1, end);
      const wanted = readSnippet(root, source, checked);
      if ('problem' in wanted) problems.push(`${page}:${at + 1} ${wanted.problem}`);
      else if (options.write !== true && stated.join('\n') !== wanted.lines.join('\n')) {
        problems.push(`${page}:${at + 1} is not what ${source} says; run "pnpm docs:write"`);
      }
      written.push(...lines.slice(at + 1, open), fence, ...('problem' in wanted ? stated : wanted.lines), '```');
      at = end;
    }
    if (options.write === true && written.join('\n') !== text) writeFileSync(join(root, page), written.join('\n'));
  }
  if (pages.length === 0) problems.push(`${root} has no documentation: nothing was checked`);
  return { seen: `${pages.length} pages, ${snippets} snippets`, problems };
}

/** The line that closes the block which opens at a line; the last line of the page when nothing does. */
function fenceEnd(lines: readonly string[], open: number): number {
  const end = lines.findIndex((line, index) => index > open && line.trimEnd() === '```');
  return end === -1 ? lines.length : end;
}

/** The folders whose TypeScript the build or the type check of the tests covers. */
function typeCheckedFolders(root: string): string[] {
  const { references } = readJson(join(root, 'tsconfig.json')) as { references: readonly { path: string }[] };
  return [...references.map((reference) => `${reference.path.replace(/^\.\//, '')}/`), 'test/e2e/'];
}
