import { chmod, mkdir, symlink } from 'node:fs/promises';
import { execFileSync } from 'node:child_process';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/index.ts';
import { directoryWith, minimal, setupErrorOf } from '../support/fixtures.ts';

async function lineOf(file: string): Promise<string> {
  const error = await setupErrorOf(loadConfig(file, { env: {} }));
  expect(error.code).toBe('ERR_CONFIG_UNREADABLE');
  expect(error.file).toBe(file);
  return `${error.problem}; ${error.remedy}`;
}

/** Runs something without the powers of root, for whom no file is unreadable. */
async function asNobody<T>(run: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return run();
  process.seteuid?.(65_534);
  try {
    return await run();
  } finally {
    process.seteuid?.(0);
  }
}

describe('a config file', () => {
  it('is named in the line as the caller named it', async () => {
    const directory = await directoryWith({
      'bad.yaml':
        'clockSkewSeconds: 900\nresource: https://a.example/\ncard: c\nissuers: [{issuer: https://b.example}]\n',
    });
    const file = relative(process.cwd(), join(directory, 'bad.yaml'));
    const error = await setupErrorOf(loadConfig(file, { env: {} }));
    expect(error.message).toBe(
      `${file}: clockSkewSeconds: expected an integer from 0 to 300, saw 900; write for example 60 (ERR_CONFIG_INVALID)`,
    );
  });

  it('must exist and be a regular file of bounded size', async () => {
    const directory = await directoryWith({ 'big.json': ' '.repeat(1_048_577), 'a.json': '{}' });
    await mkdir(join(directory, 'folder.json'));
    await symlink('loop.json', join(directory, 'loop.json'));
    execFileSync('mkfifo', [join(directory, 'pipe.json')]);
    const check = 'check the path and its permissions';
    expect(await lineOf(join(directory, 'none.json'))).toBe(`does not exist; ${check}`);
    expect(await lineOf(join(directory, 'a.json/b.json'))).toBe(`does not exist; ${check}`);
    expect(await lineOf(join(directory, 'folder.json'))).toBe(`is not a regular file; ${check}`);
    expect(await lineOf(join(directory, 'pipe.json'))).toBe(`is not a regular file; ${check}`);
    expect(await lineOf(join(directory, 'loop.json'))).toBe(`is a symbolic link that leads to itself; ${check}`);
    expect(await lineOf(join(directory, 'big.json'))).toBe(`is larger than 1048576 bytes; ${check}`);
    expect(await lineOf(join(directory, `${'x'.repeat(300)}.json`))).toBe(`can not be read: ENAMETOOLONG; ${check}`);
  });

  it('may be reached through a symbolic link, as Kubernetes mounts it', async () => {
    const directory = await directoryWith({ '..data/a.json': JSON.stringify(minimal()) });
    await symlink('..data/a.json', join(directory, 'a.json'));
    await expect(loadConfig(join(directory, 'a.json'), { env: {} })).resolves.toMatchObject({
      file: join(directory, 'a.json'),
    });
  });

  it('must be readable', async () => {
    const directory = await directoryWith({ 'a.json': '{}' });
    await chmod(join(directory, 'a.json'), 0);
    const line = await asNobody(() => lineOf(join(directory, 'a.json')));
    expect(line).toBe('can not be read: permission denied; check the path and its permissions');
  });

  it('must have an extension that says what it is', async () => {
    for (const [name, extension] of [
      ['a.toml', '.toml'],
      ['a', ''],
      ['a.json5', '.json5'],
      ['', ''],
    ]) {
      const error = await setupErrorOf(loadConfig(name ?? '', { env: {} }));
      expect(error.problem).toBe(`has the extension "${extension}"`);
      expect(error.remedy).toBe('name the config file *.json, *.yaml or *.yml');
    }
  });

  it('must be UTF-8; a byte order mark is ignored', async () => {
    const directory = await directoryWith({
      'latin.json': Uint8Array.of(0x22, 0xe9, 0x22),
      'bom.json': `\uFEFF${JSON.stringify(minimal())}`,
    });
    expect(await lineOf(join(directory, 'latin.json'))).toBe('is not UTF-8 text; check the path and its permissions');
    await expect(loadConfig(join(directory, 'bom.json'), { env: {} })).resolves.toBeDefined();
  });

  it('must parse', async () => {
    const directory = await directoryWith({
      'a.json': '{"resource": }',
      'b.yaml': 'a: [',
      'twice.json': '{"resource":"https://a","resource":"https://b"}',
      'deep.yaml': '['.repeat(200_000),
      'deep.json': `${'['.repeat(100_000)}${']'.repeat(100_000)}`,
      'empty.yaml': '',
    });
    expect(await lineOf(join(directory, 'a.json'))).toMatch(
      /^is not valid JSON(?: at line 1, column 14)?; correct the file$/,
    );
    expect(await lineOf(join(directory, 'b.yaml'))).toMatch(
      /^is not valid YAML at line 1, column 5 \([a-z ]+\); correct the file$/,
    );
    expect(await lineOf(join(directory, 'twice.json'))).toBe(
      'has the field "resource" twice in one object, again at line 1, column 25; correct the file',
    );
    expect(await lineOf(join(directory, 'deep.yaml'))).toMatch(/; correct the file$/);
    expect((await setupErrorOf(loadConfig(join(directory, 'deep.json'), { env: {} }))).message).toMatch(/is nested/);
    expect((await setupErrorOf(loadConfig(join(directory, 'empty.yaml'), { env: {} }))).problem).toBe(
      'expected an object, saw null',
    );
  });

  it('can not do harm with aliases or prototype keys', async () => {
    const levels = Array.from(
      { length: 6 },
      (_, index) => `l${index + 1}: &l${index + 1} [${Array.from({ length: 10 }, () => `*l${index}`).join(', ')}]`,
    );
    const directory = await directoryWith({
      'bomb.yaml': `l0: &l0 [x]\n${levels.join('\n')}\n`,
      'wide.yaml': `l0: &l0 [${'x, '.repeat(5000)}]\nall: [${'*l0, '.repeat(90)}]\n`,
      'cycle.yaml': 'card: &a [*a]\n',
      'proto.yaml': '__proto__: {dangerouslyAllowInsecureIssuers: true}\n',
      'proto.json': '{"network":{"__proto__":{"trustedProxies":1}}}',
    });
    const messageOf = async (name: string): Promise<string> => {
      const error = await setupErrorOf(loadConfig(join(directory, name), { env: {} }));
      return `${error.field ?? ''}: ${error.problem}`;
    };
    expect(await messageOf('bomb.yaml')).toBe(': uses aliases that lead nowhere or multiply its content');
    expect(await messageOf('wide.yaml')).toBe(': holds more than 100000 values');
    expect(await messageOf('cycle.yaml')).toMatch(/nested deeper|can not be read|aliases|not valid YAML/);
    expect(await messageOf('proto.yaml')).toBe('__proto__: is not a known field');
    expect(await messageOf('proto.json')).toBe('network.__proto__: is not a known field');
    expect(({} as Record<string, unknown>)['trustedProxies']).toBeUndefined();
  });

  it('has a name that can not break the line', async () => {
    const error = await setupErrorOf(loadConfig('a\nb.json', { env: {} }));
    expect(error.message).toBe(
      String.raw`a\u{a}b.json: does not exist; check the path and its permissions (ERR_CONFIG_UNREADABLE)`,
    );
    expect((await setupErrorOf(loadConfig('a\0.json', { env: {} }))).problem).toBe('has a name that can not exist');
  });
});
