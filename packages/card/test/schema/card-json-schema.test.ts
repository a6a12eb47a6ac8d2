import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accessKey, cardJsonSchema, inspectCard } from '../../src/index.ts';
import { cardWith, notesAccess } from '../support/access-card.ts';
import { examples, hasServerCardData, withServerCardData } from '../support/server-card-data.ts';

const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(cardJsonSchema());

/** What the reader knows and a JSON Schema can not say. */
const beyondSchema =
  /is not a declared scope|implies itself|absolute UR[IL]|normal form|one version|template|expression|condition|looks like|value of a secret|control characters|of together at most|not available yet|a name of 1 to/;

const text = fc.oneof(
  fc.constantFrom(
    '',
    'a',
    'notes:read',
    'a b',
    '"',
    'https://example.com/x',
    'note:///{id}',
    '1.0.0',
    '/pin',
    'é',
    'true',
  ),
  fc.string({ maxLength: 6 }),
);
const anything = fc.oneof(
  text,
  fc.constantFrom<unknown>(null, true, 0, 1, 300, 1.5, [], {}, ['a'], ['notes:read'], [['notes:read']], { x: 1 }),
);
const fields = [
  'scopes',
  'anyOf',
  'groups',
  'roles',
  'when',
  'stepUp',
  'authentication',
  'disclosure',
  'audit',
  'sensitive',
  'description',
  'acrValues',
  'maxAgeSeconds',
  'level',
  'mode',
  'implies',
  'tools',
  'resources',
  'prompts',
  'remotes',
  'icons',
  'url',
  'type',
  'name',
  'x',
  'src',
  'theme',
  'headers',
  'variables',
  'isSecret',
  'format',
  'repository',
  'websiteUrl',
  'title',
  'version',
  '$schema',
  '__proto__',
  'note:///{id}',
] as const;

const whole = {
  ...cardWith({
    ...notesAccess,
    tools: {
      ...notesAccess.tools,
      every: {
        scopes: ['notes:read'],
        anyOf: ['notes:write', ['notes:admin', 'payments:write']],
        groups: ['dba'],
        roles: ['admin'],
        authentication: { acrValues: ['urn:mfa'], maxAgeSeconds: 300 },
        disclosure: 'challenge',
        audit: { level: 'metadata', mode: 'strict' },
        sensitive: ['/pin'],
      },
    },
  }),
  title: 'Notes',
  websiteUrl: 'https://example.com',
  repository: { url: 'https://example.com/x', source: 'github' },
  icons: [{ src: 'https://example.com/i.png', theme: 'dark', sizes: ['48x48'] }],
  remotes: [
    {
      type: 'streamable-http',
      url: 'https://{host}/mcp',
      variables: { host: { default: 'example.com', format: 'string' } },
      headers: [{ name: 'X-Team', isRequired: true }],
      supportedProtocolVersions: ['2026-07-28'],
    },
  ],
};

/** A card in which a few members were replaced, removed or added somewhere. */
const mutated = fc
  .array(
    fc.record({
      steps: fc.array(fc.nat(), { maxLength: 7 }),
      field: fc.constantFrom(...fields),
      value: anything,
      kind: fc.nat(3),
    }),
    { minLength: 1, maxLength: 3 },
  )
  .map((changes) => {
    const document = JSON.parse(JSON.stringify(whole)) as Record<string, unknown>;
    // A copy each: the values are mutated as well.
    for (const { steps, field, value, kind } of changes)
      mutate(document, steps, { field, value: structuredClone(value), kind });
    return document;
  });

describe('cardJsonSchema', () => {
  it('takes the cards of this repository', () => {
    const root = join(import.meta.dirname, '../../../..');
    for (const path of ['test/target/server-card.json', 'examples/notes-server/server-card.json']) {
      expect(validate(JSON.parse(readFileSync(join(root, path), 'utf8'))), JSON.stringify(validate.errors)).toBe(true);
    }
    expect(validate(whole), JSON.stringify(validate.errors)).toBe(true);
  });

  it('refuses what is undecided', () => {
    expect(validate(cardWith({ tools: { t: { scopes: null } } }))).toBe(false);
    expect(validate(cardWith({ tools: { t: {} } }))).toBe(false);
  });

  it('describes every member it names, for who writes a card', () => {
    const undescribed: string[] = [];
    const visit = (schema: unknown, path: string): void => {
      if (typeof schema !== 'object' || schema === null) return;
      for (const [key, value] of Object.entries(schema)) {
        if (key === 'properties')
          for (const [name, property] of Object.entries(value as object))
            if (
              typeof property === 'object' &&
              property !== null &&
              !('description' in property) &&
              !('$ref' in property)
            )
              undescribed.push(`${path}.${name}`);
        visit(value, `${path}.${key}`);
      }
    };
    visit(cardJsonSchema(), '');
    expect(undescribed).toEqual([]);
  });

  it('is a new object each time', () => {
    (cardJsonSchema() as Record<string, unknown>)['title'] = 'x';
    expect(cardJsonSchema()['title']).not.toBe('x');
  });

  it('takes every card that the reader takes', async () => {
    await fc.assert(
      fc.asyncProperty(mutated, async (document) => {
        const { card } = await inspectCard(document);
        if (card !== undefined) expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });

  it('refuses what the reader refuses, but for what only a reader can know', async () => {
    await fc.assert(
      fc.asyncProperty(mutated, async (document) => {
        if (!validate(document)) return;
        const { mistakes } = await inspectCard(document);
        // Whether a text is CEL, and fits what it looks at, no schema knows.
        for (const { pointer, problem } of mistakes)
          if (!pointer.endsWith('/when')) expect(problem).toMatch(beyondSchema);
      }),
      { numRuns: 3000 },
    );
  });
});

describe.runIf(hasServerCardData)(withServerCardData('the examples of SEP-2127'), () => {
  it.each(examples('valid').map(({ name, document }) => [name, document] as const))(
    '%s is taken with a policy',
    (_, document) => {
      expect(validate({ ...document, _meta: { [accessKey]: {} } })).toBe(true);
    },
  );

  it.each(examples('invalid').map(({ name, document }) => [name, document] as const))(
    '%s is refused',
    (_, document) => {
      expect(validate({ ...document, _meta: { [accessKey]: {} } })).toBe(false);
    },
  );
});

interface Mutation {
  readonly field: string;
  readonly value: unknown;
  readonly kind: number;
}

function mutate(holder: Record<string, unknown>, steps: readonly number[], { field, value, kind }: Mutation): void {
  let at = holder;
  for (const step of steps) {
    const inner = Object.values(at).filter((one) => typeof one === 'object' && one !== null);
    const next = inner[step % Math.max(1, inner.length)];
    if (next === undefined) break;
    at = next as Record<string, unknown>;
  }
  const keys = Object.keys(at);
  const key = keys[(steps[0] ?? 0) % Math.max(1, keys.length)];
  if (Array.isArray(at)) at.push(value);
  else if (kind === 0 && key !== undefined) delete at[key];
  else
    Object.defineProperty(at, kind === 1 && key !== undefined ? key : field, {
      value,
      enumerable: true,
      configurable: true,
      writable: true,
    });
}
