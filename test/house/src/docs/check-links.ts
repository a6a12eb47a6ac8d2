import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

import type { Report } from '../report.ts';
import { documentsOf } from './documents.ts';

const link = /\]\((?<target>[^()\s]+(?:\([^()\s]*\))?[^()\s]*)\)/g;

/**
 * Checks that every link inside the repository leads to a file that exists and to a heading that it has, and that the README lists every
 * page of `docs`.
 */
export function checkLinks(root: string): Report {
  const pages = documentsOf(root);
  const problems: string[] = [];
  const listed = new Set<string>();
  let links = 0;
  for (const page of pages) {
    for (const target of linksOf(readFileSync(join(root, page), 'utf8'))) {
      if (/^[a-z]+:/.test(target)) continue;
      links += 1;
      const [path = '', anchor] = target.split('#');
      const file = path === '' ? page : normalize(join(dirname(page), path)).replace(/\/$/, '');
      if (page === 'README.md') listed.add(file);
      if (!existsSync(join(root, file))) problems.push(`${page} links to ${target}: there is no ${file}`);
      else if (anchor !== undefined && !headingsOf(readFileSync(join(root, file), 'utf8')).has(anchor))
        problems.push(`${page} links to ${target}: ${file} has no such heading`);
    }
  }
  for (const page of pages)
    if (page.startsWith('docs/') && !listed.has(page)) problems.push(`README.md does not list ${page}`);
  return { seen: `${pages.length} pages, ${links} links`, problems };
}

function linksOf(text: string): string[] {
  return [...withoutCode(text).matchAll(link)].map(({ groups }) => groups?.['target'] ?? '');
}

/** The names that GitHub gives to headings. */
function headingsOf(text: string): Set<string> {
  const names = new Set<string>();
  for (const [, heading = ''] of withoutBlocks(text).matchAll(/^#+ (.+)$/gm)) {
    const name = heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-');
    let unique = name;
    for (let count = 1; names.has(unique); count += 1) unique = `${name}-${count}`;
    names.add(unique);
  }
  return names;
}

function withoutBlocks(text: string): string {
  return text.replaceAll(/^```[^]*?^```/gm, '');
}

function withoutCode(text: string): string {
  return withoutBlocks(text).replaceAll(/`[^`\n]*`/g, '');
}
