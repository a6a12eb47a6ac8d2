import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { readCitations, type Citation } from './citations.ts';

/** What is wrong between the requirements and the tests that cite them. */
export interface Coverage {
  /** Requirements that no test cites. */
  readonly uncited: readonly string[];
  /** Citations of requirements that do not exist, and citations that can not be read. */
  readonly wrong: readonly string[];
}

/** Every citation in the tests of the repository: those below `test` and those of each package. */
export function citationsOf(root: string): Citation[] {
  return testFiles(root).flatMap((file) => readCitations(file.slice(root.length), readFileSync(file, 'utf8')));
}

/** Every test file of the repository. */
export function testFiles(root: string): string[] {
  const packages = readdirSync(join(root, 'packages'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(root, 'packages', entry.name, 'test'));
  return [join(root, 'test'), ...packages].flatMap(testFilesBelow);
}

/**
 * Compares the citations with the ids of the requirements, both ways.
 *
 * @param others what may be cited too, and is looked after elsewhere
 */
export function compareCitations(
  ids: readonly string[],
  citations: readonly Citation[],
  others: readonly string[] = [],
): Coverage {
  const known = new Set([...ids, ...others]);
  const cited = new Set(citations.filter((one) => one.problem === undefined).flatMap((one) => one.ids));
  const wrong = citations.flatMap(({ file, line, ids: named, problem }) => [
    ...(problem === undefined ? [] : [`${file}:${line} ${problem}`]),
    ...named
      .filter((id) => !known.has(id))
      .map((id) => `${file}:${line} cites ${id}, which requirements.ts does not list`),
  ]);
  return { uncited: ids.filter((id) => !cited.has(id)), wrong };
}

function testFilesBelow(folder: string): string[] {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.name !== 'node_modules' && entry.name !== 'dist')
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return testFilesBelow(path);
      return entry.name.endsWith('.test.ts') ? [path] : [];
    })
    .sort();
}
