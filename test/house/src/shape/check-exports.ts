import { existsSync } from 'node:fs';
import { join } from 'node:path';

import type { WorkspacePackage } from '../workspace/workspace.ts';

/**
 * Checks `exports` and `bin`: every entry is a JSON file under its own name, or the three conditions in their order, all for the
 * same source file; and every command has a source file.
 */
export function checkExports(one: WorkspacePackage): string[] {
  const where = '/package.json';
  const { exports } = one.manifest;
  if (typeof exports !== 'object' || exports === null) return [`${where} has no exports`];
  const entries = new Map<string, unknown>(Object.entries(exports));
  const problems: string[] = [];
  if (!entries.has('.')) problems.push(`${where} exports no "."`);
  if (entries.get('./package.json') !== './package.json') problems.push(`${where} does not export "./package.json"`);
  for (const [key, value] of entries) {
    if (isData(key, value)) {
      if (!existsSync(join(one.path, key))) problems.push(`${where} exports ${key}, which does not exist`);
      continue;
    }
    const source = sourceOf(value);
    if (source === undefined) {
      problems.push(
        `${where} exports "${key}" without "@sallyport/source", "types" and "default" of one file, in this order`,
      );
    } else if (!existsSync(join(one.path, source))) {
      problems.push(`${where} exports "${key}" from ${source}, which does not exist`);
    }
  }
  for (const [command, target] of Object.entries(one.manifest.bin ?? {})) {
    const source = target.replace('./dist/', 'src/').replace(/\.js$/, '.ts');
    if (!existsSync(join(one.path, source)))
      problems.push(`${where} has the command ${command} from ${source}, which does not exist`);
  }
  return problems;
}

/** The JSON files that a package exports beside its manifest, as they belong into `files`. */
export function exportedData(one: WorkspacePackage): string[] {
  const { exports } = one.manifest;
  if (typeof exports !== 'object' || exports === null) return [];
  return Object.entries(exports)
    .filter(([key, value]) => isData(key, value) && key !== './package.json')
    .map(([key]) => key.slice('./'.length));
}

function isData(key: string, value: unknown): boolean {
  return key.endsWith('.json') && key.startsWith('./') && value === key;
}

/** The source file of an entry whose conditions agree. */
function sourceOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const [source, types, script, ...more] = Object.entries(value) as [string, unknown][];
  if (source?.[0] !== '@sallyport/source' || types?.[0] !== 'types' || script?.[0] !== 'default' || more.length > 0)
    return undefined;
  const path = source[1];
  if (typeof path !== 'string' || !path.startsWith('./src/') || !path.endsWith('.ts')) return undefined;
  const name = path.slice('./src/'.length, -'.ts'.length);
  return types[1] === `./dist/${name}.d.ts` && script[1] === `./dist/${name}.js` ? path : undefined;
}
