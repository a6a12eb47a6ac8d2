import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Report } from '../report.ts';
import { readModule, type SourceModule } from '../workspace/module.ts';
import { filesBelow, readPackages, type WorkspacePackage } from '../workspace/workspace.ts';
import { checkImport } from './check-import.ts';
import { checkManifest } from './check-manifest.ts';
import { arrows } from './rules.ts';

export interface CheckArrowsOptions {
  /** Reads one module; undefined for a module it does not see. Default: the real reader. For the test of the check. */
  readonly read?: (path: string, text: string) => SourceModule | undefined;
}

/**
 * Checks the arrows between the packages: which package imports which, which libraries stay where they belong, and that each
 * `package.json` says the same as the code. Every file below every `src` must be seen: a check that sees fewer modules than
 * there are files fails.
 */
export function checkArrows(root: string, options: CheckArrowsOptions = {}): Report {
  const read = options.read ?? readModule;
  const packages = readPackages(root);
  const problems: string[] = [];
  let files = 0;
  let modules = 0;
  let imports = 0;
  for (const one of packages) {
    const found = filesBelow(join(one.path, 'src'));
    files += found.length;
    const seen = readModules(one, found, read, problems);
    modules += seen.length;
    imports += seen.reduce((sum, module) => sum + module.imports.length, 0);
    problems.push(...checkPackage(one, packages, found, seen));
  }
  if (files === 0) problems.push(`${root} has no source file below packages/*/src: nothing was checked`);
  if (modules < files) problems.push(`saw ${modules} modules but there are ${files} files: the check is blind`);
  return { seen: `${packages.length} packages, ${modules} of ${files} modules, ${imports} imports`, problems };
}

function readModules(
  one: WorkspacePackage,
  files: readonly string[],
  read: NonNullable<CheckArrowsOptions['read']>,
  problems: string[],
): SourceModule[] {
  const seen: SourceModule[] = [];
  for (const path of files) {
    const where = `packages/${one.folder}/src/${path}`;
    if (!path.endsWith('.ts')) {
      problems.push(`${where} is not a .ts file; src holds TypeScript only`);
      continue;
    }
    const module = read(path, readFileSync(join(one.path, 'src', path), 'utf8'));
    if (module === undefined) continue;
    if (module.broken === undefined) seen.push(module);
    else problems.push(`${where} ${module.broken}`);
  }
  return seen;
}

function checkPackage(
  one: WorkspacePackage,
  packages: readonly WorkspacePackage[],
  files: readonly string[],
  modules: readonly SourceModule[],
): string[] {
  const allowed = arrows.get(one.folder);
  if (allowed === undefined)
    return [`packages/${one.folder} has no arrows; add it to the table in test/house/src/arrows/rules.ts`];
  const folders = new Map(packages.map((other) => [other.manifest.name, other.folder]));
  const entries = new Set(packages.flatMap(codeEntries));
  const known = new Set(files);
  const problems: string[] = [];
  const used = new Set<string>();
  for (const module of modules) {
    for (const found of module.imports) {
      const verdict = checkImport(
        { package: one, allowed, folders, entries, files: known },
        module.path,
        found.specifier,
      );
      if (verdict.uses !== undefined) used.add(verdict.uses);
      if (verdict.problem !== undefined) {
        problems.push(`packages/${one.folder}/src/${module.path}:${found.line} ${verdict.problem}`);
      }
    }
  }
  const passedOn = packages.filter((other) => used.has(other.manifest.name)).flatMap(requiredPeers);
  return [...problems, ...checkManifest(one, { allowed, folders, used, passedOn: new Set(passedOn) })];
}

function requiredPeers({ manifest }: WorkspacePackage): string[] {
  const { peerDependencies = {}, peerDependenciesMeta = {} } = manifest;
  return Object.keys(peerDependencies).filter((name) => peerDependenciesMeta[name]?.optional !== true);
}

/** What a package exports as code besides itself. */
function codeEntries({ manifest: { name, exports } }: WorkspacePackage): string[] {
  return Object.entries(exports ?? {})
    .filter(([key, value]) => key !== '.' && typeof value === 'object')
    .map(([key]) => name + key.slice(1));
}
