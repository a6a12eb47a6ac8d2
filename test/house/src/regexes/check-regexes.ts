import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { checkSync } from 'recheck';

import type { Report } from '../report.ts';
import { isIdentifier, lineOf, literalText, parseModule } from '../workspace/parse.ts';
import { filesBelow, readPackages } from '../workspace/workspace.ts';

/** Regular expressions made from a computed text, as `<file>`, each with its reason. */
const computedExpressions: ReadonlyMap<string, string> = new Map([]);

/**
 * Checks that no regular expression of a package can backtrack: with untrusted input a quadratic or exponential match is an
 * outage. An expression whose text is computed can not be checked and is a problem too.
 */
export function checkRegexes(root: string): Report {
  const problems: string[] = [];
  let files = 0;
  let expressions = 0;
  for (const one of readPackages(root)) {
    for (const path of filesBelow(join(one.path, 'src'))) {
      const where = `packages/${one.folder}/src/${path}`;
      const found = regexesOf(where, readFileSync(join(root, where), 'utf8'));
      files += 1;
      expressions += found.count;
      problems.push(...found.problems);
    }
  }
  if (files === 0) problems.push(`${root} has no source file: nothing was checked`);
  return { seen: `${expressions} regular expressions in ${files} files`, problems };
}

function regexesOf(where: string, text: string): { count: number; problems: string[] } {
  const problems: string[] = [];
  let count = 0;
  const judge = (source: string, flags: string, start: number): void => {
    count += 1;
    for (const report of backtracking(source, flags))
      problems.push(`${where}:${lineOf(text, start)} /${source}/${flags} ${report}`);
  };
  const parsed = parseModule(where, text, {
    Literal: (node) => {
      if ('regex' in node) judge(node.regex.pattern, node.regex.flags, node.start);
    },
    NewExpression: (node) => {
      if (!isIdentifier(node.callee, 'RegExp')) return;
      const [pattern, flags] = node.arguments;
      const source = literalText(pattern);
      if (source !== undefined) judge(source, literalText(flags) ?? '', node.start);
      else if (!computedExpressions.has(where))
        problems.push(`${where}:${lineOf(text, node.start)} makes a regular expression from a computed text`);
    },
  });
  if (parsed.broken !== undefined) problems.push(`${where} ${parsed.broken}`);
  return { count, problems };
}

function backtracking(source: string, flags: string): string[] {
  // Read at every call: without it the library looks for its native version.
  process.env['RECHECK_BACKEND'] = 'pure';
  const result = checkSync(source, flags, { randomSeed: 1, timeout: 10_000 });
  if (result.status === 'safe') return [];
  if (result.status === 'unknown') return [`can not be judged (${result.error.kind})`];
  return [`backtracks (${result.complexity.summary}); it takes long for ${result.attack.pattern}`];
}
