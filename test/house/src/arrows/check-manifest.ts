import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';

import { readJson, type WorkspacePackage } from '../workspace/workspace.ts';

/** What a `package.json` is judged against. */
export interface ManifestContext {
  readonly allowed: readonly string[];
  /** Every package of ours: its name and its folder. */
  readonly folders: ReadonlyMap<string, string>;
  /** Every package that the sources import. */
  readonly used: ReadonlySet<string>;
  /** Every package that a used package of ours leaves to its user: it must be passed on as a peer, although nothing imports it here. */
  readonly passedOn: ReadonlySet<string>;
}

/** Checks that `package.json` and `tsconfig.json` declare what the sources import, and nothing else. */
export function checkManifest(one: WorkspacePackage, context: ManifestContext): string[] {
  const { dependencies = {}, peerDependencies = {}, optionalDependencies = {} } = one.manifest;
  const declared = new Set([
    ...Object.keys(dependencies),
    ...Object.keys(peerDependencies),
    ...Object.keys(optionalDependencies),
  ]);
  const where = `packages/${one.folder}/package.json`;
  const problems: string[] = [];
  for (const name of context.used) {
    if (!declared.has(name)) problems.push(`${where} does not declare ${name}, which src imports`);
  }
  for (const name of declared) {
    const folder = context.folders.get(name);
    if (folder !== undefined && !context.allowed.includes(folder)) {
      problems.push(`${where} depends on ${name}, which ${one.folder} may not import`);
    } else if (
      !context.used.has(typedPackage(name)) &&
      !(context.passedOn.has(name) && name in peerDependencies) &&
      !isPeerOfUsed(one, name, context.used)
    ) {
      problems.push(`${where} declares ${name}, which src does not import`);
    }
  }
  for (const name of context.passedOn) {
    if (!declared.has(name))
      problems.push(`${where} does not pass on ${name}, which a package that it uses leaves to its user`);
  }
  return [...problems, ...checkReferences(one, context)];
}

/** A library leaves its peers to its user: whoever imports the one must declare the other. */
function isPeerOfUsed(one: WorkspacePackage, name: string, used: ReadonlySet<string>): boolean {
  return [...used].some((library) => {
    const file = join(one.path, 'node_modules', library, 'package.json');
    if (!existsSync(file)) return false;
    const { peerDependencies = {} } = readJson(file) as { peerDependencies?: object };
    return name in peerDependencies;
  });
}

/** A package of types stands for the package it types. */
function typedPackage(name: string): string {
  return name.startsWith('@types/') ? name.slice('@types/'.length).replace('__', '/') : name;
}

/** A missing project reference builds by luck, from what an earlier build left behind. */
function checkReferences(one: WorkspacePackage, context: ManifestContext): string[] {
  const file = join(one.path, 'tsconfig.json');
  const where = `packages/${one.folder}/tsconfig.json`;
  if (!existsSync(file)) return [`${where} is missing`];
  const { references = [] } = readJson(file) as { references?: readonly { path: string }[] };
  const referenced = new Set(references.map((reference) => basename(reference.path)));
  const problems: string[] = [];
  for (const [name, folder] of context.folders) {
    const needed = context.used.has(name);
    if (needed && !referenced.has(folder))
      problems.push(`${where} has no reference to ../${folder}, which src imports`);
    if (!needed && referenced.has(folder)) problems.push(`${where} refers to ../${folder}, which src does not import`);
  }
  return problems;
}
