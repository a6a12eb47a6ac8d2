import { fileURLToPath } from 'node:url';

import { logEvents } from '@sallyport/core';

import { checkArrows } from './arrows/check-arrows.ts';
import { checkLinks } from './docs/check-links.ts';
import { syncSnippets } from './docs/sync-snippets.ts';
import { checkErrorCatalogue } from './errors/check-error-catalogue.ts';
import { checkLogCalls } from './logs/check-log-calls.ts';
import { checkLogCatalogue } from './logs/log-catalogue.ts';
import { runMatrix } from './matrix.ts';
import { checkRegexes } from './regexes/check-regexes.ts';
import { printReport, type Report } from './report.ts';
import { checkShape } from './shape/check-shape.ts';
import { checkSizes } from './sizes/check-sizes.ts';
import { checkTarballs, tarballChecks, type TarballCheck } from './tarballs/check-tarballs.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

type Check = (args: readonly string[]) => Report;

const checks: ReadonlyMap<string, Check> = new Map<string, Check>([
  ['arrows', () => checkArrows(root)],
  ['shape', () => checkShape(root)],
  ['sizes', () => checkSizes(root)],
  ['regexes', () => checkRegexes(root)],
  ['errors', (args) => checkErrorCatalogue(root, { write: args.includes('--write') })],
  ['snippets', (args) => syncSnippets(root, { write: args.includes('--write') })],
  ['logs', (args) => checkLogs(args)],
  ['links', () => checkLinks(root)],
  ['tarballs', (args) => checkTarballs(root, chosen(args))],
]);

/** The calls and the page, against the table. */
function checkLogs(args: readonly string[]): Report {
  const calls = checkLogCalls(root, { codes: new Set(Object.keys(logEvents)) });
  const page = checkLogCatalogue(root, { write: args.includes('--write'), events: logEvents });
  return { seen: `${calls.seen}, ${page.seen} documented`, problems: [...calls.problems, ...page.problems] };
}

function chosen(args: readonly string[]): readonly TarballCheck[] {
  const named = tarballChecks.filter((check) => args.includes(check));
  return named.length === 0 ? tarballChecks : named;
}

function main([name = '', ...args]: readonly string[]): boolean {
  if (name === 'matrix') return runMatrix(root, args);
  const check = checks.get(name);
  if (check !== undefined) return printReport(name, check(args));
  process.stderr.write(`usage: node test/house/dist/main.js ${[...checks.keys(), 'matrix'].join(' | ')}\n`);
  return false;
}

process.exitCode = main(process.argv.slice(2)) ? 0 : 1;
