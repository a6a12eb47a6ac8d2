import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { filesBelow, readPackages } from '../workspace/workspace.ts';

/** The pages of the documentation: README, `docs`, and the README of each package. */
export function documentsOf(root: string): string[] {
  const candidates = [
    'README.md',
    ...filesBelow(join(root, 'docs')).map((path) => `docs/${path}`),
    ...readPackages(root).map((one) => `packages/${one.folder}/README.md`),
  ];
  return candidates.filter((path) => path.endsWith('.md') && existsSync(join(root, path)));
}
