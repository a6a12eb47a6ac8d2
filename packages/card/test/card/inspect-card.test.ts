import { mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SetupError } from '@sallyport/core';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { inspectCard, loadCard, type CardReport } from '../../src/index.ts';
import { cardWith, identity, notesAccess } from '../support/access-card.ts';
import { setupErrorOf } from '../support/setup-error-of.ts';

const folder = mkdtempSync(join(tmpdir(), 'sallyport-inspect-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function fileWith(name: string, content: string): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, content);
  return file;
}

/** `line:column pointer: problem` of every mistake. */
function linesOf({ mistakes }: CardReport): readonly string[] {
  return mistakes.map(
    ({ position, pointer, problem }) => `${position?.line}:${position?.column} ${pointer}: ${problem}`,
  );
}

const access = '/_meta/dev.sallyport~1access';

const faultyJson = `{
  "$schema": "${identity.$schema}",
  "name": "notes",
  "version": "1.0.0",
  "websiteUrl": "example.com",
  "tools": [],
  "_meta": {
    "dev.sallyport/access": {
      "scopes": {
        "notes:read": { "implies": ["notes:reed"] },
        "notes admin": {}
      },
      "tools": {
        "read-note": { "scopes": "notes:read" },
        "write-note": { "scopes": ["notes:raed"], "stepUp": ["notes:read", "x"] },
        "purge": { "scopes": null },
        "none": {}
      },
      "resource": {}
    }
  }
}
`;
const faultyYaml = `# comments are fine
$schema: ${identity.$schema}
name: notes
version: 1.0.0
websiteUrl: example.com
tools: []
_meta:
  dev.sallyport/access:
    scopes:
      notes:read: { implies: [notes:reed] }
      notes admin: {}
    tools:
      read-note: { scopes: notes:read }
      write-note: &rule
        scopes:
          - notes:raed
        stepUp: [notes:read, x]
      purge: { scopes: null }
      none: {}
    resource: {}
`;

describe('inspectCard', () => {
  // @verifies CARD-MISTAKES, CARD-UNDECIDED, CARD-SCOPE-TOKEN
  it('tells all mistakes of a JSON file, in the order of the text', async () => {
    const report = await inspectCard(await fileWith('faulty.json', faultyJson));
    expect(report.card).toBeUndefined();
    expect(report.mistakeCount).toBe(13);
    expect(linesOf(report)).toEqual([
      '1:1 /description: is missing; a string is expected',
      '3:3 /name: must be a reverse-DNS name with exactly one slash, such as com.example/weather, not "notes"',
      '5:3 /websiteUrl: must be an absolute URI, not "example.com"',
      '6:3 /tools: is written from the policy when the card is published',
      `10:37 ${access}/scopes/notes:read/implies/0: "notes:reed" is not a declared scope`,
      expect.stringContaining(`11:9 ${access}/scopes/notes admin: must be a scope`),
      `14:24 ${access}/tools/read-note/scopes: must be a list, not "notes:read"`,
      `15:36 ${access}/tools/write-note/scopes/0: "notes:raed" is not a declared scope`,
      `15:51 ${access}/tools/write-note/stepUp: has no effect without "when"`,
      `15:76 ${access}/tools/write-note/stepUp/1: "x" is not a declared scope`,
      `16:20 ${access}/tools/purge/scopes: is null: who may use it is not decided yet`,
      `17:9 ${access}/tools/none/scopes: is missing`,
      `19:7 ${access}/resource: is not a known field`,
    ]);
  });

  // @verifies CARD-MISTAKES
  it('tells the same of a YAML file, at its own lines', async () => {
    const json = await inspectCard(await fileWith('faulty.json', faultyJson));
    const yaml = await inspectCard(await fileWith('faulty.yaml', faultyYaml));
    const without = (report: CardReport): readonly string[] =>
      report.mistakes.map(({ pointer, problem, remedy }) => `${pointer}: ${problem}; ${remedy}`);
    expect(without(yaml)).toEqual(without(json));
    expect(yaml.mistakes.map(({ position }) => position?.line)).toEqual([
      2, 3, 5, 6, 10, 11, 13, 16, 17, 17, 18, 19, 20,
    ]);
  });

  it('says of a card in code where a mistake is by its pointer', async () => {
    const report = await inspectCard(
      { ...cardWith({ tools: { t: {} } }), version: 1 },
      { file: 'c.yaml', pointer: '/card' },
    );
    expect(report.file).toBe('c.yaml');
    expect(report.mistakes.map(({ pointer, position }) => [pointer, position])).toEqual([
      ['/card/version', undefined],
      [`/card${access}/tools/t/scopes`, undefined],
    ]);
  });

  it('keeps the first 200 mistakes and counts the rest', async () => {
    const tools = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`t${index}`, {}]));
    const report = await inspectCard(await fileWith('many.json', JSON.stringify(cardWith({ tools }))));
    expect([report.mistakes.length, report.mistakeCount]).toEqual([200, 1000]);
  });

  it('returns the card and what is odd about it when there is no mistake', async () => {
    const text = JSON.stringify({ ...cardWith(notesAccess), websiteUrl: 'http://notes.internal/' }, undefined, 2);
    const report = await inspectCard(await fileWith('odd.json', text));
    expect(report).toMatchObject({ mistakes: [], mistakeCount: 0, card: { name: 'com.example/notes' } });
    expect(report.warnings).toEqual([
      expect.objectContaining({
        finding: 'inner-address',
        pointer: '/websiteUrl',
        position: expect.anything() as unknown,
      }),
    ]);
    expect(report.document).toBe(report.card?.document);
  });

  it.each([
    ['bad.json', '{\n  "a": }', '2:8 : the server card is not JSON: "}" is not expected here'],
    ['cut.json', '{"a": 1', '1:8 : the server card is not JSON: it ends too early'],
    ['bad.yaml', 'a: 1\nb: [1', /^2:\d+ : the server card is not YAML/],
    ['two.yaml', 'a: 1\n---\nb: 2', /^\d+:\d+ : the server card is not YAML: there is a second document/],
    ['tag.yaml', 'a: 1\nb: !secret x', /^2:\d+ : the server card is not YAML: Unresolved tag/],
    ['js.yaml', 'a: !!js/function x', /^1:\d+ : the server card is not YAML: Unresolved tag/],
    ['bomb.yaml', bomb(), /not YAML: Excessive alias count/],
    ['old.yaml', '%YAML 1.1\n---\na: yes', /asks for another version of YAML than 1\.2/],
  ])('says where %s can not be read', async (name, content, line) => {
    const [first, ...more] = linesOf(await inspectCard(await fileWith(name, content)));
    expect(first).toMatch(
      typeof line === 'string' ? new RegExp(`^${line.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`) : line,
    );
    expect(more).toEqual([]);
  });

  it.each([
    ['dup.json', '{"a": 1,\n "\\u0061": 2}', '2:2 /a: has the same key "a" twice in one object'],
    ['dup.yaml', 'a: 1\na: 2', '2:1 : the server card has the same key "a" twice in one object'],
    ['merge.yaml', 'a: &x { b: 1 }\nc:\n  <<: *x', '3:3 : the server card has a merge key, which is not read'],
  ])('says where %s repeats or merges a key, and returns no document', async (name, content, line) => {
    const report = await inspectCard(await fileWith(name, content));
    expect(linesOf(report)).toContain(line);
    expect(report.document).toBeUndefined();
  });

  it('loads what it finds no mistake in, and throws the first mistake with the count of the others', async () => {
    const file = await fileWith('faulty.json', faultyJson);
    const error = await setupErrorOf(loadCard(file));
    expect(error).toMatchObject({
      code: 'ERR_CARD_INVALID',
      file,
      position: { line: 1, column: 1 },
      field: '/description',
    });
    expect(error.message).toBe(
      `${file}:1:1: /description: is missing; a string is expected; add it; and 12 more mistakes: run  sallyport card lint (ERR_CARD_INVALID)`,
    );
  });

  // @verifies CARD-PROTOTYPE
  it('F-37 reports what is wrong with a tool called __proto__ like any other', async () => {
    const text = JSON.stringify(cardWith({ tools: { PROTO: { scopes: ['x'] } } })).replace('PROTO', '__proto__');
    for (const name of ['proto.json', 'proto.yaml']) {
      const report = await inspectCard(await fileWith(name, text));
      expect(report.mistakes.map(({ pointer }) => pointer)).toEqual([`${access}/tools/__proto__/scopes/0`]);
    }
    const code = await inspectCard(JSON.parse(text) as object);
    expect(code.mistakes.map(({ pointer }) => pointer)).toEqual([`${access}/tools/__proto__/scopes/0`]);
  });
});

describe('whatever a file holds', () => {
  const name = fc.oneof(
    fc.constantFrom(
      'scopes',
      'tools',
      'resources',
      'anyOf',
      'when',
      '__proto__',
      'constructor',
      '',
      'a',
      '\u0000',
      '<<',
    ),
    fc.string({ maxLength: 4 }),
  );
  const json = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom<unknown>(null, true, '', 'a', 1, -0, 1e308, [], {}),
      fc.string({ maxLength: 8 }),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(name, tie('value'), { maxKeys: 4 }),
    ),
  })).value;
  const document = fc.record(
    {
      name: fc.constant(identity.name),
      version: json,
      remotes: json,
      icons: json,
      _meta: fc.record({ 'dev.sallyport/access': fc.oneof(json, accessLike(json)) }, { requiredKeys: [] }),
    },
    { requiredKeys: [] },
  );

  async function outcomeOf(file: string): Promise<unknown> {
    const report = await inspectCard(file).catch((error: unknown) => error);
    const loaded = await loadCard(file).catch((error: unknown) => error);
    if (loaded instanceof Error) {
      expect(loaded).toBeInstanceOf(SetupError);
      expect(loaded.message).not.toMatch(/[\n\r]/);
      expect((report as CardReport).mistakeCount).toBeGreaterThan(0);
    }
    return loaded;
  }

  // @verifies CARD-LOAD-TOTAL
  it('that is JSON resolves to a card or rejects with a SetupError', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(document, json), async (value) => {
        await outcomeOf(await fileWith('any.json', JSON.stringify(value) ?? 'null'));
      }),
      { numRuns: 300 },
    );
  });

  // @verifies CARD-LOAD-TOTAL
  it('that is any text resolves to a card or rejects with a SetupError', async () => {
    const piece = fc.oneof(
      fc.constantFrom(
        'a: ',
        '- ',
        '{',
        '}',
        '[',
        ']',
        '\n',
        '  ',
        '"',
        ': ',
        '&x ',
        '*x',
        '<<: ',
        '!!set ',
        '? ',
        '|\n',
        '#',
        '%YAML',
        '---',
        '\t',
        ',',
      ),
      fc.string({ maxLength: 3 }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(piece, { maxLength: 30 }),
        fc.constantFrom('t.json', 't.yaml'),
        async (pieces, file) => {
          await outcomeOf(await fileWith(file, pieces.join('')));
        },
      ),
      { numRuns: 600 },
    );
  });

  // @verifies CARD-LOAD-TOTAL
  it('means the same as JSON, as YAML and in code', async () => {
    await fc.assert(
      fc.asyncProperty(document, async (value) => {
        const text = JSON.stringify(value);
        const reports = [
          await inspectCard(await fileWith('same.json', text)),
          await inspectCard(await fileWith('same.yaml', stringify(JSON.parse(text), { aliasDuplicateObjects: false }))),
          await inspectCard(JSON.parse(text) as object),
        ].map(({ mistakes, card }) => ({ found: pointersOf(mistakes), policy: card?.policy }));
        // Only YAML has merge keys.
        if (text.includes('"<<"')) return;
        expect(reports[1]).toEqual(reports[0]);
        expect(reports[2]).toEqual(reports[0]);
      }),
      { numRuns: 200 },
    );
  });

  it('means the same in any order of its keys', async () => {
    await fc.assert(
      fc.asyncProperty(fc.infiniteStream(fc.nat()), async (random) => {
        const shuffled = shuffle(cardWith(notesAccess), () => random.next().value as number) as object;
        expect((await loadCard(shuffled)).policy).toBe((await loadCard(cardWith(notesAccess))).policy);
        const faulty = shuffle(JSON.parse(faultyJson), () => random.next().value as number) as object;
        expect(pointersOf((await inspectCard(faulty)).mistakes)).toEqual(
          pointersOf((await inspectCard(JSON.parse(faultyJson) as object)).mistakes),
        );
      }),
      { numRuns: 50 },
    );
  });
});

/** Near enough to a policy that its rules are read. */
function accessLike(json: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const scope = fc.constantFrom<unknown>('a', 'b', 'c d', '', null, 1);
  const rule = fc.record(
    {
      scopes: fc.oneof(json, fc.array(scope)),
      anyOf: fc.oneof(json, fc.array(fc.array(scope))),
      when: json,
      audit: json,
    },
    { requiredKeys: [] },
  );
  const key = fc.constantFrom('t', '__proto__', 'note:///{id}', 'a\u0000', 'x{');
  return fc.record(
    {
      scopes: fc.dictionary(fc.constantFrom('a', 'b', 'é'), fc.oneof(json, fc.record({ implies: fc.array(scope) }))),
      tools: fc.dictionary(key, rule),
      resources: fc.dictionary(key, rule),
      prompts: json,
    },
    { requiredKeys: [] },
  );
}

function pointersOf(mistakes: CardReport['mistakes']): readonly string[] {
  return mistakes.map(({ pointer, problem }) => `${pointer}: ${problem}`).toSorted();
}

function shuffle(value: unknown, next: () => number): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, shuffle(inner, next), next()] as const);
  return Object.fromEntries(entries.toSorted(([, , a], [, , b]) => a - b).map(([key, inner]) => [key, inner]));
}

function bomb(): string {
  const levels = Array.from(
    { length: 12 },
    (_, i) => `l${i + 1}: &l${i + 1} [${Array.from({ length: 10 }, () => `*l${i}`).join(', ')}]`,
  );
  return ['l0: &l0 x', ...levels].join('\n');
}
