import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject, McpCall, Principal } from '@sallyport/core';
import { describe, expect, it } from 'vitest';
import { principalFields, variablesOf } from '../../src/condition/variables.ts';
import { methods, functions } from '../../src/condition/overloads.ts';
import { maxSteps } from '../../src/condition/meter.ts';
import { explainDecision, type Card } from '../../src/index.ts';
import { accessCard } from '../support/access-card.ts';
import { call, principalWith } from '../support/calls.ts';
import { setupErrorOf } from '../support/setup-error-of.ts';

const page = readFileSync(join(import.meta.dirname, '../../../../docs/policy.md'), 'utf8');

/** An example, with the rows of the table below it. */
interface Example {
  readonly access: unknown;
  readonly rows: readonly (readonly [call: string, caller: string, answer: string])[];
}

const examples = [...page.matchAll(/```json\n(?<json>[\s\S]*?)```\n\n(?<table>(?:\|.*\n)+)/g)].map(
  ({ groups }): Example => ({
    access: JSON.parse(groups?.['json'] ?? ''),
    rows: rowsOf(groups?.['table'] ?? '').map(([one = '', other = '', last = '']) => [one, other, last]),
  }),
);

describe.each(examples)('example $#', ({ access, rows }) => {
  it.each(rows)('%s by %s: %s', async (request, caller, answer) => {
    expect(await answerOf(await accessCard(access), request, caller)).toBe(answer);
  });
});

describe('the page', () => {
  it('has examples that are all followed by a table', () => {
    expect(examples).toHaveLength([...page.matchAll(/```json/g)].length);
    expect(examples.flatMap(({ rows }) => rows).length).toBeGreaterThan(20);
  });

  const block = /```cel\n(?<code>[\s\S]*?)```/.exec(page)?.groups?.['code'] ?? '';
  it.each(block.trim().split('\n'))('shows a condition that loads: %s', async (when) => {
    const kind = when.includes('call.uri') ? 'resources' : 'tools';
    await accessCard({ scopes: {}, [kind]: { 'x:y': { scopes: [], when } } });
  });

  const mistakes = rowsOf(/\| condition .*\n(?:\|.*\n)+/.exec(page)?.[0] ?? '');
  it.each(mistakes)('says what is complained about in %s: %s', async (condition = '', complaint = '') => {
    const when = condition.slice(1, -1);
    const error = await setupErrorOf(accessCard({ scopes: {}, tools: { t: { scopes: [], when } } }));
    expect(error.message).toContain(complaint);
    expect(error.field).toContain('/tools/t/when');
  });

  it('names every variable, and says which of them can be missing', () => {
    const table = rowsOf(/\| name .*\n(?:\|.*\n)+/.exec(page)?.[0] ?? '');
    const named = new Map(table.map(([name = '', type = '']) => [name.slice(1, -1), type]));
    const known = [...variablesOf('resource')].flatMap(([variable, { fields }]) =>
      fields === undefined ? [variable] : [...fields.keys()].map((field) => `${variable}.${field}`),
    );
    expect([...named.keys()].toSorted()).toEqual(known.toSorted());
    for (const [field, { optional }] of principalFields)
      expect(named.get(`principal.${field}`)?.includes('missing')).toBe(optional === true);
  });

  it('names every function, and the bound', () => {
    for (const name of [...methods.keys(), ...functions.keys()]) expect(page).toContain(`\`${name}\``);
    expect(page).toContain(maxSteps.toLocaleString('en-US'));
  });
});

function rowsOf(table: string): readonly (readonly string[])[] {
  const lines = table.trim().split('\n').slice(2);
  return lines.map((line) =>
    line
      .replace(/^\||\|$/g, '')
      .split(/(?<!\|)\|(?!\|)/)
      .map((cell) => cell.trim()),
  );
}

/** What the page says of a call: the status, what is missing, what the challenge names. */
async function answerOf(card: Card, request: string, caller: string): Promise<string> {
  const { decision, summary } = explainDecision(card, { principal: callerOf(caller), call: callOf(request) });
  if (decision.effect === 'allow') return summary;
  const shown = summary.startsWith('condition not met') ? 'condition not met' : summary;
  const status = decision.disclosure === 'hide' ? 'as if it did not exist' : '403';
  const { challengeScopes } = decision;
  const challenge = challengeScopes.length === 0 ? 'no challenge' : `challenge \`${challengeScopes.join(' ')}\``;
  return `${status}, ${shown}, ${challenge}`;
}

function callerOf(caller: string): Principal {
  const names = (pattern: RegExp): readonly string[] => pattern.exec(caller)?.[1]?.split(' ') ?? [];
  const facts = { groups: names(/groups `([^`]*)`/), roles: names(/roles `([^`]*)`/) };
  return Object.freeze({ ...principalWith(...names(/^`([^`]*)`/)), ...facts });
}

function callOf(request: string): McpCall {
  const [, name = '', args] = /^`(\S+)(?: (\{.*\}))?`$/.exec(request) ?? [];
  if (name.includes(':')) return call('resources/read', 'resource', name);
  return { ...call('tools/call', 'tool', name), arguments: args === undefined ? {} : (JSON.parse(args) as JsonObject) };
}
