import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { onTestFinished } from 'vitest';

/** Content of files by path; an object is written as JSON, `undefined` takes a file away. */
export type Files = Readonly<Record<string, string | object | undefined>>;

/** Makes a repository in a temporary folder that is removed when the test ends. */
export function makeRepository(...layers: readonly Files[]): string {
  const root = mkdtempSync(join(tmpdir(), 'sallyport-house-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const [path, content] of Object.entries(Object.assign({}, ...layers) as Files)) {
    if (content === undefined) continue;
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return root;
}

/** A package that keeps every rule of the house. */
export function makePackage(folder: string, manifest: object = {}, references: readonly string[] = []): Files {
  const name = folder === 'cli' ? 'sallyport' : `@sallyport/${folder}`;
  return {
    [`packages/${folder}/package.json`]: {
      name,
      description: 'A package.',
      license: 'Apache-2.0',
      repository: { directory: `packages/${folder}` },
      type: 'module',
      engines: { node: '>=20.19' },
      files: ['dist', 'src', '!dist/.tsbuildinfo'],
      exports: {
        '.': { '@sallyport/source': './src/index.ts', types: './dist/index.d.ts', default: './dist/index.js' },
        './package.json': './package.json',
      },
      publishConfig: { access: 'public' },
      ...manifest,
    },
    [`packages/${folder}/tsconfig.json`]: { references: references.map((reference) => ({ path: `../${reference}` })) },
    [`packages/${folder}/README.md`]: `# ${name}\n\nA package.\n`,
    [`packages/${folder}/src/index.ts`]: `export { ${folder === 'core' ? 'idea' : 'thought'} } from './topic/idea.ts';\n`,
    [`packages/${folder}/src/topic/idea.ts`]: `export const ${folder === 'core' ? 'idea' : 'thought'} = 1;\n`,
  };
}
