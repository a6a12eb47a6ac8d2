import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Node } from 'oxc-parser';

import type { Report } from '../report.ts';
import { isIdentifier, lineOf, literalText, parseModule } from '../workspace/parse.ts';
import { filesBelow, readPackages } from '../workspace/workspace.ts';

const methods: ReadonlySet<string> = new Set(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'log']);
const writers: ReadonlySet<string> = new Set(['logEvent', 'logCall']);

/** Packages whose messages are no operational logs: a command speaks to whoever typed it, the dev IdP is no part of a guard. */
const speaking: ReadonlySet<string> = new Set(['cli', 'dev-idp']);

/** Files that hand lines on or hold the table. */
const passingOn: ReadonlyMap<string, string> = new Map([
  ['packages/core/src/log/log-event.ts', 'writes the lines'],
  ['packages/core/src/log/limited-logger.ts', 'hands lines on'],
  ['packages/telemetry/src/trace/traced-logger.ts', 'hands lines on'],
]);
const tables = 'packages/core/src/log/events/';

export interface CheckLogCallsOptions {
  /** The codes there are. */
  readonly codes: ReadonlySet<string>;
}

/**
 * Checks that every operational log line has a code: packages write to their log with `logEvent` and `logCall` only, with a code of the
 * table, and every code of the table is used.
 */
export function checkLogCalls(root: string, { codes }: CheckLogCallsOptions): Report {
  const problems: string[] = [];
  const used = new Set<string>();
  let files = 0;
  let calls = 0;
  for (const one of readPackages(root)) {
    if (speaking.has(one.folder)) continue;
    for (const path of filesBelow(join(one.path, 'src'))) {
      const where = `packages/${one.folder}/src/${path}`;
      if (where.startsWith(tables)) continue;
      const found = readLogCalls(where, readFileSync(join(root, where), 'utf8'), codes);
      files += 1;
      calls += found.calls;
      problems.push(...found.problems);
      for (const text of found.texts) if (codes.has(text)) used.add(text);
    }
  }
  for (const code of codes)
    if (!used.has(code)) problems.push(`${code} is in the table of log events and nothing writes it`);
  if (calls === 0) problems.push(`${root} has no log call: nothing was checked`);
  return { seen: `${calls} log calls in ${files} files, ${codes.size} events`, problems };
}

interface LogCalls {
  readonly calls: number;
  readonly texts: readonly string[];
  readonly problems: readonly string[];
}

function readLogCalls(where: string, text: string, codes: ReadonlySet<string>): LogCalls {
  const problems: string[] = [];
  const texts: string[] = [];
  let calls = 0;
  const parsed = parseModule(where, text, {
    Literal: (node) => {
      if (typeof node.value === 'string') texts.push(node.value);
    },
    CallExpression: ({ callee, arguments: given, start }) => {
      const at = `${where}:${lineOf(text, start)}`;
      if (callee.type === 'Identifier' && writers.has(callee.name)) {
        calls += 1;
        const code = literalText(given[1]);
        if (code !== undefined && !codes.has(code))
          problems.push(`${at} writes ${code}, which is in no table of log events`);
      } else if (isFreeText(callee) && !passingOn.has(where)) {
        problems.push(`${at} writes a log line without a code; use logEvent`);
      }
    },
  });
  if (parsed.broken !== undefined) problems.push(`${where} ${parsed.broken}`);
  return { calls, texts, problems };
}

/** `log.warn(…)`, `this.#log.warn(…)`, `options.log?.warn(…)`, `log[level](…)`, `console.log(…)`. */
function isFreeText(callee: Node): boolean {
  if (callee.type !== 'MemberExpression') return false;
  if (!isLogger(callee.object)) return false;
  return callee.computed || (callee.property.type === 'Identifier' && methods.has(callee.property.name));
}

function isLogger(node: Node): boolean {
  if (isIdentifier(node, 'console')) return true;
  if (node.type === 'Identifier') return isLoggerName(node.name);
  if (node.type !== 'MemberExpression' || node.computed) return false;
  return isLoggerName(node.property.name);
}

function isLoggerName(name: string): boolean {
  return /^(?:log|logger)$|(?:Log|Logger)$/.test(name);
}
