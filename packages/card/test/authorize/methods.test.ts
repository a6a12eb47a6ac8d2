import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Era, McpCall } from '@sallyport/core';
import { describe, expect, it } from 'vitest';
import { methodTable } from '../../src/authorize/method-table.ts';
import { createAuthorizer } from '../../src/index.ts';
import { accessCard } from '../support/access-card.ts';
import { call, notification, principalWith } from '../support/calls.ts';

const folder = join(import.meta.dirname, '../../../../../shared/data/mcp');
const present = existsSync(folder);
const schemas: readonly (readonly [Era, string])[] = [
  ['legacy', 'schema-2025-11-25.json'],
  ['modern', 'schema-2026-07-28.json'],
];

/** Requests of the protocol that only servers send. */
const ofServers = new Set(['sampling/createMessage', 'roots/list', 'elicitation/create']);
/** It has no target, and a server without tasks does not have it. */
const notServed = 'tasks/list';

const authorizer = createAuthorizer(
  await accessCard({
    tools: { t: { scopes: [] } },
    prompts: { t: { scopes: [] } },
    resources: { 'note:///{id}': { scopes: [] } },
  }),
);

const targets: Record<string, McpCall['target']> = {
  'tools/call': { kind: 'tool', name: 't' },
  'prompts/get': { kind: 'prompt', name: 't' },
  'resources/read': { kind: 'resource', name: 'note:///1' },
  'resources/subscribe': { kind: 'resource', name: 'note:///1' },
  'resources/unsubscribe': { kind: 'resource', name: 'note:///1' },
  'completion/complete': { kind: 'resource', name: 'note:///{id}' },
  'tasks/get': { kind: 'task', name: '1' },
  'tasks/result': { kind: 'task', name: '1' },
  'tasks/cancel': { kind: 'task', name: '1' },
};

function verdict(era: Era, method: string, isNotification = false): string {
  const target = targets[method];
  const request = { ...call(method, target?.kind, target?.name), era };
  const { effect, reason } = authorizer.decide(principalWith(), isNotification ? notification(request) : request);
  return reason ?? effect;
}

describe.runIf(present)('every method of the protocol', () => {
  for (const [era, file] of schemas) {
    const methods = methodsIn(file);

    it(`is in the ${era} schema that is read`, () => {
      expect(methods.length).toBeGreaterThan(18);
      expect(methods).toEqual(expect.arrayContaining(['tools/call', 'notifications/cancelled']));
    });

    // @verifies F-55, F-107
    it.each(methods.filter((method) => !method.startsWith('notifications/')))(
      `is mapped in the ${era} era: %s`,
      (method) => {
        const isUnknown = ofServers.has(method) || method === notServed;
        const expected = isUnknown ? 'unknown_method' : method.startsWith('tasks/') ? 'unknown_task' : 'allow';
        expect(verdict(era, method)).toBe(expected);
      },
    );

    it.each(methods.filter((method) => method.startsWith('notifications/')))(
      `that is a notification needs only a valid token in the ${era} era: %s`,
      (method) => {
        expect(verdict(era, method, true)).toBe('allow');
        expect(verdict(era, method)).toBe('unknown_method');
      },
    );
  }

  it('and no other is known, but for what extensions and older revisions add', () => {
    const all = new Set(schemas.flatMap(([, file]) => methodsIn(file)));
    const added = [...methodTable.keys()].filter((method) => !all.has(method));
    expect(added).toEqual(['tasks/update']);
  });

  it.each(['', 'tools', 'tools/', 'tools/calls', 'TOOLS/CALL', 'admin/x', '__proto__', 'constructor', 'tools/call '])(
    'is what it is exactly: %j is unknown',
    (method) => {
      for (const [era] of schemas) expect(verdict(era, method)).toBe('unknown_method');
    },
  );
});

it.runIf(!present)('methods are NOT CHECKED here, because ../shared/data/mcp is not there', () => {
  expect(present).toBe(false);
});

function methodsIn(file: string): readonly string[] {
  if (!present) return [];
  const { $defs } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as { $defs: Record<string, unknown> };
  const found = Object.values($defs).map((definition) => methodOf(definition));
  return [...new Set(found.filter((method) => method !== undefined))];
}

function methodOf(definition: unknown): string | undefined {
  const { properties } = definition as { properties?: { method?: { const?: string } } };
  return properties?.method?.const;
}
