import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessKey, loadCard } from '../../src/index.ts';
import { accessCard, cardWith, identity, notesAccess } from '../support/access-card.ts';
import { examples, hasServerCardData, withServerCardData } from '../support/server-card-data.ts';
import { setupErrorOf } from '../support/setup-error-of.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sallyport-card-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function fileWith(name: string, content: string | Uint8Array): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, content);
  return file;
}

describe('loadCard', () => {
  it('reads a JSON file and says what the card is', async () => {
    const file = await fileWith('card.json', JSON.stringify({ ...cardWith(notesAccess), title: 'Notes' }));
    const card = await loadCard(file);
    expect(card).toMatchObject({
      file,
      name: 'com.example/notes',
      version: '1.0.0',
      description: 'Notes.',
      title: 'Notes',
    });
    expect(card.policy).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect([...card.access.tools.keys()]).toEqual(Object.keys(notesAccess.tools));
  });

  it('reads YAML, in which no is a word', async () => {
    const lines = Object.entries(identity).map(([key, value]) => `${key}: "${value}"`);
    const yaml = [
      ...lines,
      'title: no',
      '_meta:',
      `  ${accessKey}:`,
      '    scopes: { "a:b": {} }',
      '    tools: { t: { scopes: ["a:b"] } }',
    ].join('\n');
    const card = await loadCard(await fileWith('card.yaml', yaml));
    expect(card.title).toBe('no');
    expect(card.access.tools.get('t')?.scopes).toEqual(['a:b']);
  });

  it('gives a card from a file and from an object the same policy', async () => {
    const fromFile = await loadCard(await fileWith('same.json', JSON.stringify(cardWith(notesAccess))));
    const fromObject = await accessCard(notesAccess);
    expect(fromObject.policy).toBe(fromFile.policy);
    expect(fromObject.file).toBeUndefined();
  });

  it('keeps a frozen copy that its source can not change', async () => {
    const source = cardWith({ scopes: { a: {} }, tools: { t: { scopes: ['a'] } } });
    const card = await loadCard(source);
    source['name'] = 'com.example/other';
    expect(card.document['name']).toBe('com.example/notes');
    expect(Object.isFrozen(card.document)).toBe(true);
    expect(Object.isFrozen(card.access.tools.get('t')?.scopes)).toBe(true);
  });

  it('F-37 treats a tool called __proto__ or constructor as any other', async () => {
    const text = JSON.stringify(
      cardWith({ scopes: { a: {} }, tools: { PROTO: { scopes: ['a'] }, constructor: { scopes: [] } } }),
    );
    const card = await loadCard(await fileWith('proto.json', text.replace('PROTO', '__proto__')));
    expect([...card.access.tools.keys()]).toEqual(['__proto__', 'constructor']);
    expect(card.access.tools.get('__proto__')?.scopes).toEqual(['a']);
    const yaml = await loadCard(await fileWith('proto.yaml', text.replace('PROTO', '__proto__')));
    expect(yaml.policy).toBe(card.policy);
  });

  it('takes a single scope as an alternative, and alternatives without scopes', async () => {
    const card = await accessCard({ scopes: { a: {}, b: {}, c: {} }, tools: { t: { anyOf: ['a', ['b', 'c']] } } });
    expect(card.access.tools.get('t')).toMatchObject({ scopes: [], anyOf: [['a'], ['b', 'c']] });
  });

  it('takes an empty policy: everything is denied on purpose', async () => {
    expect((await accessCard({})).access.tools.size).toBe(0);
  });
});

describe('a card that can not be read', () => {
  it.each([
    ['is not there', () => join(folder, 'none.json'), 'there is no such file'],
    ['is a directory', () => folder, 'it is not a file'],
    ['goes through a file', () => join(import.meta.filename, 'x'), 'not a directory'],
  ])('is ERR_CARD_UNREADABLE when it %s', async (_, path, problem) => {
    const error = await setupErrorOf(loadCard(path()));
    expect(error).toMatchObject({ code: 'ERR_CARD_UNREADABLE', file: path() });
    expect(error.message).toContain(problem);
  });

  it('is ERR_CARD_UNREADABLE when it is a named pipe', async () => {
    const pipe = join(folder, 'pipe.json');
    execFileSync('mkfifo', [pipe]);
    const error = await setupErrorOf(loadCard(pipe));
    expect(error).toMatchObject({ code: 'ERR_CARD_UNREADABLE', file: pipe });
    expect(error.message).toContain('it is not a file');
  });

  it('is ERR_CARD_UNREADABLE when it is larger than 1 MiB', async () => {
    const error = await setupErrorOf(loadCard(await fileWith('large.json', ' '.repeat(1_048_577))));
    expect(error.code).toBe('ERR_CARD_UNREADABLE');
    expect(error.message).toContain('1048577 bytes');
  });

  it.each([
    ['not JSON', 'bad.json', '{"a": }', 'is not JSON'],
    ['not YAML', 'bad.yaml', 'a: [1', 'is not YAML'],
    ['YAML with an unknown tag', 'tag.yaml', 'a: !secret x', 'is not YAML'],
    ['YAML with an alias bomb', 'bomb.yaml', bomb(), 'is not YAML'],
    ['YAML with keys that are no strings', 'keys.yaml', '? [a]\n: b', 'is not YAML'],
    ['two YAML documents', 'two.yaml', 'a: 1\n---\nb: 2', 'is not YAML'],
    ['a list', 'list.json', '[]', 'is not an object but a list'],
    ['empty YAML', 'empty.yaml', '', 'is not an object but null'],
    ['deeply nested JSON', 'deep.json', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, 'nested deeper than 32 levels'],
    ['deeply nested YAML', 'deep.yaml', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, 'nested too deeply'],
  ])('is ERR_CARD_INVALID when it is %s', async (_, name, content, problem) => {
    const error = await setupErrorOf(loadCard(await fileWith(name, content)));
    expect(error.code).toBe('ERR_CARD_INVALID');
    expect(error.message).toContain(problem);
  });

  it('is ERR_CARD_INVALID when it is not UTF-8', async () => {
    const error = await setupErrorOf(loadCard(await fileWith('latin1.json', Uint8Array.of(0x22, 0xe9, 0x22))));
    expect(error.message).toContain('is not UTF-8');
  });
});

describe('a card given as an object', () => {
  it('is named by the file and pointer it stands at', async () => {
    const error = await setupErrorOf(
      loadCard({ ...cardWith({}), version: 1 }, { file: 'sallyport.config.yaml', pointer: '/card' }),
    );
    expect(error).toMatchObject({
      file: 'sallyport.config.yaml',
      field: '/card/version',
      problem: 'must be a string, not 1',
    });
  });

  it.each<[string, object, string]>([
    ['a getter that throws', withGetter(), '/x'],
    ['a proxy that throws', { x: [new Proxy({}, { ownKeys: fail })] }, '/x/0'],
    ['a proxy that was revoked', { x: revoked() }, '/x'],
  ])('must not hold %s', async (_, extra, field) => {
    const error = await setupErrorOf(loadCard({ ...cardWith({}), ...extra }));
    expect(error).toMatchObject({ code: 'ERR_CARD_INVALID', field });
    expect(error.message).not.toContain('hunter2');
  });

  it.each([
    ['a function', { x: () => 1 }, '/x'],
    ['an instance', { x: new Date(0) }, '/x'],
    ['a number that is not finite', { x: [Number.NaN] }, '/x/0'],
    ['a bigint', { x: 1n }, '/x'],
  ])('must not hold %s', async (_, extra, field) => {
    expect(await setupErrorOf(loadCard({ ...cardWith({}), ...extra }))).toMatchObject({
      code: 'ERR_CARD_INVALID',
      field,
    });
  });

  it('must not contain itself', async () => {
    const document = cardWith({});
    document['self'] = document;
    expect((await setupErrorOf(loadCard(document))).message).toContain('nested deeper');
  });

  it('must not be larger than a file may be', async () => {
    expect((await setupErrorOf(loadCard({ ...cardWith({}), x: 'x'.repeat(1_048_576) }))).message).toContain(
      'is larger than',
    );
  });

  it('may have members that are undefined, which do not count', async () => {
    expect((await loadCard({ ...cardWith({}), title: undefined })).title).toBeUndefined();
  });
});

describe.runIf(hasServerCardData)(withServerCardData('the examples of SEP-2127'), () => {
  it.each(examples('valid').map(({ name, document }) => [name, document] as const))(
    '%s is accepted with a policy',
    async (_, document) => {
      const card = await loadCard({ ...document, _meta: { [accessKey]: {} } });
      expect(card.name).toBe(document['name']);
      const error = await setupErrorOf(loadCard(document));
      expect(error.field).toBe('/_meta/dev.sallyport~1access');
      expect(error.remedy).toContain('add it');
    },
  );

  it.each(examples('invalid').map(({ name, document }) => [name, document] as const))(
    '%s is refused',
    async (_, document) => {
      const error = await setupErrorOf(loadCard({ ...document, _meta: { [accessKey]: {} } }));
      expect(error).toMatchObject({ code: 'ERR_CARD_INVALID', field: expect.stringMatching(/^\/(name|\$schema)$/) });
    },
  );
});

describe('the card of the target server', () => {
  it('declares what its contract says', async () => {
    const card = await loadCard(join(import.meta.dirname, '../../../../test/target/server-card.json'));
    const scopesOf = (rules: ReadonlyMap<string, { scopes: readonly string[] }>): Record<string, readonly string[]> =>
      Object.fromEntries([...rules].map(([name, { scopes }]) => [name, scopes]));
    expect(scopesOf(card.access.tools)).toEqual({
      whoami: [],
      echo: ['echo:call'],
      'read-note': ['notes:read'],
      'write-note': ['notes:write'],
      'purge-notes': ['notes:admin'],
      transfer: ['payments:write'],
      sleep: ['echo:call'],
      crash: ['echo:call'],
      'slow-report': ['reports:run'],
      'confirm-delete': ['notes:write'],
    });
    expect(scopesOf(card.access.resources)).toEqual({
      'note:///{id}': ['notes:read'],
      'config:///server': ['config:read'],
    });
    expect(scopesOf(card.access.prompts)).toEqual({ summarize: ['notes:read'] });
    expect(card.access.tools.get('transfer')).toMatchObject({ stepUp: ['payments:large'], sensitive: ['/pin'] });
    expect(card.access.tools.get('purge-notes')?.disclosure).toBe('hide');
  });
});

function bomb(): string {
  const levels = Array.from(
    { length: 12 },
    (_, i) => `l${i + 1}: &l${i + 1} [${Array.from({ length: 10 }, () => `*l${i}`).join(', ')}]`,
  );
  return ['l0: &l0 x', ...levels].join('\n');
}

function fail(): never {
  throw new Error('hunter2');
}

function withGetter(): object {
  return {
    x: {
      get y(): never {
        return fail();
      },
    },
  };
}

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}
