import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { LogEventInfo } from '@sallyport/core';

import type { Report } from '../report.ts';

const page = 'docs/log-events.md';

export interface CheckLogCatalogueOptions {
  /** Write the page instead of complaining about it. Default false. */
  readonly write?: boolean;
  readonly events: Readonly<Record<string, LogEventInfo>>;
}

/** Checks that the catalogue of log events is what the table of core says. */
export function checkLogCatalogue(root: string, { write = false, events }: CheckLogCatalogueOptions): Report {
  const file = join(root, page);
  const wanted = logCatalogue(events);
  const seen = `${Object.keys(events).length} events`;
  if (write) writeFileSync(file, wanted);
  const stated = existsSync(file) ? readFileSync(file, 'utf8') : '';
  return { seen, problems: stated === wanted ? [] : [`${page} is not what the table says; run "pnpm docs:write"`] };
}

/** The page: a table for every area. */
export function logCatalogue(events: Readonly<Record<string, LogEventInfo>>): string {
  const areas = new Map<string, [string, LogEventInfo][]>();
  for (const row of Object.entries(events)) areas.set(areaOf(row[0]), [...(areas.get(areaOf(row[0])) ?? []), row]);
  const sections = [...areas].map(([area, rows]) =>
    [
      `## \`${area}\``,
      '',
      '| event | level | message | what to do | fields |',
      '|---|---|---|---|---|',
      ...rows.map(rowOf),
      '',
    ].join('\n'),
  );
  return [
    '# Log events',
    '',
    '<!-- Written by "pnpm docs:write" from packages/core/src/log/events. Do not edit. -->',
    '',
    'Every operational log line there is. What they look like and where they go: [operational-logs.md](operational-logs.md).',
    '',
    ...sections,
  ].join('\n');
}

function areaOf(code: string): string {
  const parts = code.split('.');
  return parts.length === 2 ? 'sallyport' : parts.slice(0, -1).join('.');
}

function rowOf([code, { level, message, remedy, fields }]: [string, LogEventInfo]): string {
  const names = fields.map((field) => `\`${field}\``).join(' ');
  return `| \`${code}\` | ${level} | ${cell(message)} | ${cell(remedy)} | ${names} |`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
}
