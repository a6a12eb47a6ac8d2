import { isIdentifier, isMember, lineOf, literalText, parseModule } from './parse.ts';

/** How one module names another. */
export interface ModuleImport {
  /** The text of the specifier; undefined when it is computed. */
  readonly specifier: string | undefined;
  readonly line: number;
}

/** A module as the checks see it. */
export interface SourceModule {
  /** Path relative to the package's `src`, with forward slashes. */
  readonly path: string;
  readonly imports: readonly ModuleImport[];
  /** Why the file could not be read as a module, if it could not. */
  readonly broken: string | undefined;
}

/**
 * Reads everything in a TypeScript or JavaScript file that names another module: imports and re-exports with their type-only forms,
 * dynamic imports, `import('…')` types, `import x = require('…')`, `require('…')`, `import.meta.resolve('…')`, module
 * augmentations and `/// <reference types="…" />`.
 */
export function readModule(path: string, text: string): SourceModule {
  const imports: ModuleImport[] = [];
  const add = (specifier: string | undefined, start: number): void => {
    imports.push({ specifier, line: lineOf(text, start) });
  };
  const parsed = parseModule(path, text, {
    ImportDeclaration: (node) => add(node.source.value, node.start),
    ExportAllDeclaration: (node) => add(node.source.value, node.start),
    ExportNamedDeclaration: (node) => {
      if (node.source !== null) add(node.source.value, node.start);
    },
    ImportExpression: (node) => add(literalText(node.source), node.start),
    TSImportType: (node) => add(literalText(node.source), node.start),
    TSExternalModuleReference: (node) => add(literalText(node.expression), node.start),
    TSModuleDeclaration: (node) => {
      if (node.id.type === 'Literal') add(literalText(node.id), node.start);
    },
    CallExpression: (node) => {
      if (isIdentifier(node.callee, 'require') || isMember(node.callee, 'import.meta', 'resolve')) {
        add(literalText(node.arguments[0]), node.start);
      }
    },
  });
  for (const comment of parsed.comments) {
    const reference = /^\/\s*<reference\s+types="([^"]+)"/.exec(comment.value);
    if (reference !== null) add(reference[1], comment.start);
  }
  return { path, imports, broken: parsed.broken ?? unreported(text, imports) };
}

/**
 * A second, much cruder reading of the text. If it sees a specifier that the parser did not report, the parser did not
 * understand the file and the check would be blind.
 */
function unreported(text: string, imports: readonly ModuleImport[]): string | undefined {
  const known = new Set(imports.map((found) => found.specifier));
  for (const match of text.matchAll(/^(?:import|export)\b[^;'"]*\bfrom ['"]([^'"]+)['"]/gm)) {
    if (!known.has(match[1])) return `names '${match[1]}', which the parser did not report`;
  }
  return undefined;
}
