import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Report } from '../report.ts';
import { refusalCodes, setupCodes, type CodeFacts } from './error-codes.ts';

const page = 'docs/errors.md';
const heading = /^### `(ERR_[A-Z_]+)`$/;
const required = ['**Meaning.** ', '**Next step.** '];

export interface CheckErrorCatalogueOptions {
  /** Bring the facts up to date instead of complaining about them. Default false. */
  readonly write?: boolean;
  /** The codes to expect. Default: those of core. */
  readonly codes?: readonly CodeFacts[];
}

/**
 * Checks that the catalogue of errors and the code agree both ways: every code has its section, every section is of a code
 * that exists, and the facts in it are those of the code.
 */
export function checkErrorCatalogue(root: string, options: CheckErrorCatalogueOptions = {}): Report {
  const codes = options.codes ?? [...refusalCodes(), ...setupCodes(root)];
  const expected = new Map(codes.map((one) => [one.code, one.facts.map((fact) => `- ${fact}`)]));
  const lines = readFileSync(join(root, page), 'utf8').split('\n');
  const problems: string[] = [];
  const seen = new Set<string>();
  const written: string[] = [];
  for (let at = 0; at < lines.length;) {
    const line = lines[at] ?? '';
    const code = heading.exec(line)?.[1];
    written.push(line);
    at += 1;
    if (code === undefined) {
      if (line.startsWith('### ')) problems.push(`${page}: "${line}" is no heading of a code`);
      continue;
    }
    if (seen.has(code)) problems.push(`${page}: ${code} has two sections`);
    seen.add(code);
    const end = sectionEnd(lines, at);
    const section = lines.slice(at, end);
    at = end;
    const facts = expected.get(code);
    if (facts === undefined) problems.push(`${page}: ${code} is in no table of the code`);
    else if (options.write !== true) problems.push(...checkFacts(code, section, facts));
    problems.push(...checkProse(code, section));
    written.push(...(facts === undefined ? section : withFacts(section, facts)));
  }
  for (const { code } of codes) if (!seen.has(code)) problems.push(`${page}: ${code} has no section`);
  if (options.write === true) writeFileSync(join(root, page), written.join('\n'));
  return { seen: `${codes.length} codes, ${seen.size} sections`, problems };
}

function sectionEnd(lines: readonly string[], from: number): number {
  const end = lines.findIndex((line, index) => index >= from && /^#{1,3} /.test(line));
  return end === -1 ? lines.length : end;
}

function checkFacts(code: string, section: readonly string[], facts: readonly string[]): string[] {
  const stated = section.filter((line) => line.startsWith('- '));
  if (stated.join('\n') === facts.join('\n')) return [];
  return [`${page}: the facts of ${code} are not those of the code; run "pnpm docs:write"`];
}

function checkProse(code: string, section: readonly string[]): string[] {
  return required
    .filter((start) => !section.some((line) => line.startsWith(start) && line.length > start.length + 10))
    .map((start) => `${page}: ${code} lacks "${start.trim()}"`);
}

/** The section with its list replaced. */
function withFacts(section: readonly string[], facts: readonly string[]): string[] {
  return [
    '',
    ...facts,
    '',
    ...section
      .filter((line) => !line.startsWith('- '))
      .join('\n')
      .replace(/^\n+/, '')
      .split('\n'),
  ];
}
