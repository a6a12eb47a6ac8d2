import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Report } from '../report.ts';
import { filesBelow, readPackages } from '../workspace/workspace.ts';

const maxLines = 220;

/** Files that are longer on purpose, each with its reason. */
const longFiles: ReadonlyMap<string, string> = new Map([
  ['packages/core/src/decision/reason.ts', 'one table, which is read as a whole'],
]);

export interface CheckSizesOptions {
  /** Files that may be longer, with the reason. Default: the list of this repository. */
  readonly longFiles?: ReadonlyMap<string, string>;
}

/** Checks that a source file holds one idea: it is at most 220 lines, or is listed with a reason. */
export function checkSizes(root: string, options: CheckSizesOptions = {}): Report {
  const listed = options.longFiles ?? longFiles;
  const problems: string[] = [];
  const long = new Set<string>();
  let files = 0;
  for (const one of readPackages(root)) {
    for (const path of filesBelow(join(one.path, 'src'))) {
      files += 1;
      const where = `packages/${one.folder}/src/${path}`;
      const lines = readFileSync(join(root, where), 'utf8').trimEnd().split('\n').length;
      if (lines <= maxLines) continue;
      long.add(where);
      if (!listed.has(where)) problems.push(`${where} has ${lines} lines, more than ${maxLines}; split it by idea`);
    }
  }
  for (const where of listed.keys()) {
    if (!long.has(where))
      problems.push(`${where} is listed as longer than ${maxLines} lines but is not; take it off the list`);
  }
  if (files === 0) problems.push(`${root} has no source file: nothing was checked`);
  return { seen: `${files} files`, problems };
}
