import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Era, JsonObject, McpCall, Principal, TargetKind } from '@sallyport/core';
import { describe, expect, it } from 'vitest';
import { createAuthorizer, explainDecision } from '../../src/index.ts';
import { accessCard } from '../support/access-card.ts';
import { call, listen, notification, principalWith } from '../support/calls.ts';

/** One row of `decisions.json`: who calls what, and what it must give. */
interface Case {
  readonly row: string;
  readonly says: string;
  readonly scopes: string;
  readonly groups?: string;
  readonly roles?: string;
  readonly call?: readonly [method: string, kind?: TargetKind, name?: string];
  readonly listen?: readonly string[];
  readonly era?: Era;
  readonly args?: JsonObject;
  readonly notification?: true;
  readonly gives: string;
  readonly challenge?: string;
  readonly hidden?: true;
  /** What an operator is told is missing. */
  readonly needs?: string;
}

const { access, cases } = JSON.parse(readFileSync(join(import.meta.dirname, 'decisions.json'), 'utf8')) as {
  access: unknown;
  cases: readonly Case[];
};
const card = await accessCard(access);
const authorizer = createAuthorizer(card);

describe('the table of decisions', () => {
  // @verifies F-01, F-02, F-03, F-05, F-06, F-39, F-41, F-43, F-46, F-49, F-51, F-55, F-57, F-62, F-107
  it.each(cases)('$row: $says', (entry) => {
    const decision = authorizer.decide(callerOf(entry), callOf(entry));
    expect(decision.reason ?? decision.effect).toBe(entry.gives);
    if (entry.challenge !== undefined) expect(decision.challengeScopes.join(' ')).toBe(entry.challenge);
    if (entry.hidden) expect(decision.disclosure).toBe('hide');
    if (entry.needs !== undefined) expect(decision.condition?.message).toBe(entry.needs);
    if (decision.reason === 'condition' && !entry.hidden) expect(decision.disclosure).toBe('challenge');
    expect(Object.isFrozen(decision)).toBe(true);
  });

  it.each(cases)('is explained as it is decided: $says', (entry) => {
    const options = { principal: callerOf(entry), call: callOf(entry) };
    const { decision, summary, steps } = explainDecision(card, options);
    expect(decision).toEqual(authorizer.decide(options.principal, options.call));
    if (entry.needs !== undefined) expect(summary).toBe(entry.needs);
    expect(steps.some(({ outcome }) => outcome === 'fail')).toBe(decision.effect === 'deny');
  });

  it('has a row of the rules for each', () => {
    for (const { row } of cases) expect(row).toMatch(/^(?:[A-Z]-\d+|§2-\d+|DESIGN-\d+|UX)$/);
    expect(new Set(cases.map(({ says }) => says)).size).toBe(cases.length);
  });
});

function callerOf({ scopes, groups = '', roles = '' }: Case): Principal {
  const words = (text: string): readonly string[] => text.split(' ').filter(Boolean);
  return Object.freeze({ ...principalWith(...words(scopes)), groups: words(groups), roles: words(roles) });
}

function callOf(entry: Case): McpCall {
  const request = entry.listen ? listen(...entry.listen) : call(...(entry.call ?? ['']));
  const sent = { ...request, era: entry.era ?? 'modern', arguments: entry.args };
  return entry.notification ? notification(sent) : sent;
}
