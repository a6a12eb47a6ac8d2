import { isBuiltin } from 'node:module';
import { posix } from 'node:path';

import type { WorkspacePackage } from '../workspace/workspace.ts';
import { computedImports, ioModules, pure, reserved } from './rules.ts';

/** What an import is judged against. */
export interface ImportContext {
  readonly package: WorkspacePackage;
  /** Folders of `packages/` this package may import. */
  readonly allowed: readonly string[];
  /** Every package of ours: its name and its folder. */
  readonly folders: ReadonlyMap<string, string>;
  /** What our packages export as code besides themselves: `@sallyport/telemetry/prometheus`. */
  readonly entries: ReadonlySet<string>;
  /** Every file below this package's `src`. */
  readonly files: ReadonlySet<string>;
}

export interface ImportVerdict {
  readonly problem?: string;
  /** The package that the import needs at run time. */
  readonly uses?: string;
}

/** Judges one import of one file. */
export function checkImport(context: ImportContext, path: string, specifier: string | undefined): ImportVerdict {
  if (specifier === undefined) {
    if (computedImports.has(`${context.package.folder}/src/${path}`)) return {};
    return { problem: 'imports something computed, which can not be checked; use a literal' };
  }
  if (specifier.startsWith('.')) return checkRelative(context, path, specifier);
  if (specifier.startsWith('node:')) return checkNode(context, specifier);
  if (isBuiltin(specifier)) return { problem: `imports '${specifier}'; write 'node:${specifier}'` };
  if (specifier.startsWith('/') || specifier.startsWith('#') || specifier.includes(':')) {
    return { problem: `imports '${specifier}', which is neither relative nor a package` };
  }
  const name = packageName(specifier);
  const folder = context.folders.get(name);
  if (folder !== undefined || name.startsWith('@sallyport/')) return checkOurs(context, specifier, name, folder);
  return checkForeign(context, path, name);
}

function checkNode(context: ImportContext, specifier: string): ImportVerdict {
  const [name = ''] = specifier.slice('node:'.length).split('/', 1);
  if (!pure.has(context.package.folder) || !ioModules.has(name)) return {};
  return { problem: `imports '${specifier}'; ${context.package.folder} does no input or output` };
}

function checkRelative(context: ImportContext, path: string, specifier: string): ImportVerdict {
  const target = posix.join(posix.dirname(path), specifier);
  if (target.startsWith('..')) return { problem: `imports '${specifier}', which leaves the package's src` };
  if (!context.files.has(target)) return { problem: `imports '${specifier}', which is not a file of this package` };
  return {};
}

function checkOurs(context: ImportContext, specifier: string, name: string, folder: string | undefined): ImportVerdict {
  if (folder === undefined) return { problem: `imports '${specifier}', which is no package of this repository` };
  if (folder === context.package.folder)
    return { problem: `imports its own package '${specifier}'; use a relative path` };
  if (specifier !== name && !context.entries.has(specifier))
    return { problem: `imports '${specifier}', an inner path of ${name}; import '${name}'` };
  if (!context.allowed.includes(folder)) return { problem: `imports '${name}'; ${mayImport(context)}` };
  return { uses: name };
}

function checkForeign(context: ImportContext, path: string, name: string): ImportVerdict {
  for (const rule of reserved) {
    if (!rule.matches(name)) continue;
    const within = rule.allowed.get(context.package.folder);
    if (within === undefined) {
      return { problem: `imports '${name}'; ${rule.what} stays in ${[...rule.allowed.keys()].join(', ')}`, uses: name };
    }
    if (!path.startsWith(within))
      return { problem: `imports '${name}'; here ${rule.what} stays in src/${within}`, uses: name };
  }
  return { uses: name };
}

function mayImport(context: ImportContext): string {
  const { folder } = context.package;
  return context.allowed.length === 0
    ? `${folder} may import no package of ours`
    : `${folder} may only import ${context.allowed.join(', ')} of ours`;
}

/** The package of a bare specifier: `@scope/name/inner` is `@scope/name`. */
function packageName(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}
