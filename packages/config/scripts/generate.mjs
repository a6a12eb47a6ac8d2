/// <reference types="node" />

// Writes packages/config/schema.json and docs/config.md from the schema of the built package.
// With --check it writes nothing and fails when one of them is stale.
//
//   pnpm exec tsc -b packages/config && node packages/config/scripts/generate.mjs [--check]

import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { configJsonSchema } from '../dist/index.js';
import { annotatedSchema } from '../dist/schema/annotated-schema.js';
import { renderReference } from './render-reference.mjs';

const outputs = [
  { url: new URL('../schema.json', import.meta.url), text: `${JSON.stringify(configJsonSchema(), null, 2)}\n` },
  { url: new URL('../../../docs/config.md', import.meta.url), text: renderReference(annotatedSchema()) },
];

const check = process.argv.includes('--check');

for (const { url, text } of outputs) {
  const present = await readFile(url, 'utf8').catch(() => undefined);
  if (present === text) continue;
  if (check) {
    process.stderr.write(`${fileURLToPath(url)} is stale; run node packages/config/scripts/generate.mjs\n`);
    process.exitCode = 1;
  } else {
    await writeFile(url, text);
    process.stdout.write(`wrote ${fileURLToPath(url)}\n`);
  }
}
