import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { findingKinds } from '@sallyport/audit';
import { afterAll, beforeAll, expect } from 'vitest';
import { makeAnalystLog, type AnalystLog } from './support/analyst-log.ts';
import { runCli } from './support/cli.ts';
import {
  codeSpans,
  entryParts,
  pathsOf,
  readEntries,
  settingsOf,
  spanProblem,
  type KnownNames,
} from './support/control-map.ts';
import { verifies } from './support/verifies.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');
const page = read('docs/control-map.md');

let log: AnalystLog;
beforeAll(async () => {
  log = await makeAnalystLog();
  // Reading leaves records too.
  await runCli(['audit', 'show', '--config', log.configFile]);
});
afterAll(() => log.target.remove());

/** Texts in single quotes in the union of record types. */
function recordTypes(): string[] {
  const [, union = ''] =
    /export type AuditRecordType =([^;]*);/.exec(read('packages/core/src/audit/audit-record.ts')) ?? [];
  return [...union.matchAll(/'([^']+)'/g)].map(([, type = '']) => type);
}

/** Names of metrics in the comments and strings of the package that makes them. */
function metrics(): string[] {
  const folder = path.join(root, 'packages/telemetry/src');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  return files.flatMap((name) =>
    [...read(path.join('packages/telemetry/src', name)).matchAll(/`(sallyport\.[\w.]+)`/g)].map(
      ([, metric = '']) => metric,
    ),
  );
}

async function readHelp(command: string): Promise<string | undefined> {
  const { code, stdout } = await runCli([...command.split(' '), '--help']);
  return code === 0 && stdout.startsWith(`Usage: sallyport ${command} `) ? stdout : undefined;
}

function knownNames(): KnownNames {
  const helps = new Map<string, Promise<string | undefined>>();
  const settings = settingsOf(JSON.parse(read('packages/config/schema.json')));
  const outcomes = ['ok', 'tool_error', 'aborted'];
  return {
    settings,
    fields: new Set(log.target.records().flatMap((record) => pathsOf(record))),
    others: new Set([
      ...recordTypes(),
      ...metrics(),
      ...outcomes,
      ...Object.keys(findingKinds),
      ...[...settings.values()].flat(),
      ...[...read('docs/errors.md').matchAll(/^### `(ERR_\w+)`$/gm)].map(([, code = '']) => code),
      // Members of a tool in the card, and routes.
      ...['sensitive', 'level', 'mode', '/readyz'],
    ]),
    helpOf(command) {
      const known = helps.get(command) ?? readHelp(command);
      helps.set(command, known);
      return known;
    },
  };
}

verifies(
  'ANALYST-CONTROL-MAP',
  'says of every control what it asks, what answers it, what shows it and what stays with the operator',
  () => {
    const entries = readEntries(page);
    expect(entries.map(({ title }) => title.split(' ')[0])).toEqual([
      ...['AU-2', 'AU-3', 'AU-3(1)', 'AU-4', 'AU-5', 'AU-8', 'AU-9', 'AU-9(2)', 'AU-9(3)', 'AU-10', 'AU-11', 'AU-12'],
      ...[
        '10.2.1.1',
        '10.2.1.2',
        '10.2.1.3',
        '10.2.1.4',
        '10.2.1.5',
        '10.2.1.6',
        '10.2.1.7',
        '10.2.2',
        '10.3',
        '10.5.1',
      ],
      ...['CC7.2', 'A.8.15', 'A.8.17', '164.312(b)', 'Article', 'Article', 'Article'],
    ]);
    for (const { title, parts } of entries) {
      expect({ title, parts: [...parts.keys()] }).toEqual({ title, parts: entryParts });
      for (const [part, text] of parts)
        expect({ title, part, text }).toMatchObject({ text: expect.stringMatching(/\S/) });
    }
  },
);

verifies(
  'ANALYST-CONTROL-MAP',
  'names only settings, members of records, types, commands and options that exist',
  async () => {
    const known = knownNames();
    const spans = codeSpans(page);
    expect(spans.length).toBeGreaterThan(80);
    const problems = await Promise.all(spans.map((span) => spanProblem(span, known)));
    expect(problems.filter((problem) => problem !== undefined)).toEqual([]);
  },
);

verifies('ANALYST-CONTROL-MAP', 'would not pass with a name that does not exist', async () => {
  const known = knownNames();
  const wrong = [
    'audit.retain',
    'actor.name',
    'mcp.call',
    'audit.mode: lenient',
    'sallyport audit look',
    'sallyport audit show --who',
  ];
  for (const span of wrong)
    expect({ span, problem: await spanProblem(span, known) }).toEqual({ span, problem: expect.any(String) });
  expect(codeSpans('`a` and\n```\n`b`\n```\n`c`')).toEqual(['a', 'c']);
});
