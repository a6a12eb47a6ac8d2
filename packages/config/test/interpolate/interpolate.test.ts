import { chmod, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/index.ts';
import { directoryWith, load, loadWith, minimal, setupErrorOf } from '../support/fixtures.ts';

const key = 'bm90IGEgc2VjcmV0LCBidXQgbG9uZyBlbm91Z2ghISE=';

describe('references in a config file', () => {
  it('are replaced in any text, also in the middle and several times', async () => {
    const config = await load(
      {
        ...minimal(),
        resource: 'https://${env:HOST}/${env:PATH_}',
        card: { title: '${env:HOST}', list: ['${env:HOST}'] },
      },
      { HOST: 'a.example', PATH_: 'mcp' },
    );
    expect(config.resource).toBe('https://a.example/mcp');
    expect(config.card).toEqual({ title: 'a.example', list: ['a.example'] });
  });

  it('are not searched for again in what they bring', async () => {
    const config = await loadWith({ card: { a: '${env:A}' } }, { A: '${env:B}$${', B: 'secret' });
    expect(config.card).toEqual({ a: '${env:B}$${' });
  });

  it('are written as $${ where the two characters are meant', async () => {
    expect((await loadWith({ card: { a: '$${env:A}' } })).card).toEqual({ a: '${env:A}' });
  });

  it('do not work in names', async () => {
    expect((await loadWith({ card: { '${env:A}': 1 } }, { A: 'x' })).card).toEqual({ '${env:A}': 1 });
  });

  it('bring the content of a file without its last line break', async () => {
    const directory = await directoryWith({
      'unix.key': `${key}\n`,
      'dos.key': `${key}\r\n`,
      'two.txt': 'a\n\n',
      'a/b.txt': 'b',
    });
    const hashKey = async (path: string): Promise<string | undefined> =>
      (await load({ ...minimal(), audit: { hashKey: `\${file:${path}}` } }, {}, directory)).audit.hashKey;
    expect(await hashKey('unix.key')).toBe(key);
    expect(await hashKey('./dos.key')).toBe(key);
    expect(await hashKey(join(directory, 'unix.key'))).toBe(key);
    const config = await load(
      { ...minimal(), card: { two: '${file:two.txt}', b: '<${file:a/../a/b.txt}>' } },
      {},
      directory,
    );
    expect(config.card).toEqual({ two: 'a\n', b: '<b>' });
  });

  it('start at the folder of the config file', async () => {
    const directory = await directoryWith({
      'conf/a.yaml': 'resource: "${file:../values/resource}"\ncard: c\nissuers: [{issuer: "https://a.example"}]\n',
      'values/resource': 'https://b.example/mcp\n',
    });
    expect((await loadConfig(join(directory, 'conf/a.yaml'), { env: {} })).resource).toBe('https://b.example/mcp');
  });

  it('name field and variable when a variable is not set or empty', async () => {
    expect((await setupErrorOf(loadWith({ audit: { hashKey: '${env:HASH_KEY}' } }))).message).toBe(
      'audit.hashKey: refers to the environment variable HASH_KEY, which is not set; set HASH_KEY or write the value (ERR_CONFIG_INVALID)',
    );
    expect((await setupErrorOf(loadWith({ signInScopes: ['a', '${env:B}'] }, { B: '' }))).message).toBe(
      'signInScopes[1]: refers to the environment variable B, which is empty; set B or write the value (ERR_CONFIG_INVALID)',
    );
    expect((await setupErrorOf(loadWith({ drift: '${env:toString}' }))).problem).toBe(
      'refers to the environment variable toString, which is not set',
    );
  });

  it('name field and file when a file can not be read', async () => {
    const directory = await directoryWith({ 'big.txt': 'x'.repeat(65_537), 'binary.key': Uint8Array.of(0xff, 0xfe) });
    const problem = async (text: string): Promise<string> => {
      const error = await setupErrorOf(load({ ...minimal(), card: { a: text } }, {}, directory));
      expect(error.field).toBe('card.a');
      return error.problem;
    };
    expect(await problem('${file:none}')).toBe(`refers to the file ${directory}/none, which does not exist`);
    expect(await problem('${file:.}')).toBe(`refers to the file ${directory}, which is not a regular file`);
    expect(await problem('${file:big.txt}')).toBe(
      `refers to the file ${directory}/big.txt, which is larger than 65536 bytes`,
    );
    expect(await problem('${file:binary.key}')).toBe(
      `refers to the file ${directory}/binary.key, which is not UTF-8 text`,
    );
    expect(await problem('${file:a\0b}')).toBe(
      String.raw`refers to the file ${directory}/a\u{0}b, which has a name that can not exist`,
    );
  });

  it('that are misspelt are named, but not where a secret may stand', async () => {
    expect((await setupErrorOf(loadWith({ card: { a: 'x${HOME}' } }))).message).toBe(
      'card.a: holds a reference "${HOME}" that can not be read; write ${env:NAME} or ${file:PATH}, and $${ where ${ is meant (ERR_CONFIG_INVALID)',
    );
    expect((await setupErrorOf(loadWith({ audit: { hashKey: 'x${HOME}' } }))).problem).toBe(
      'holds a reference that can not be read',
    );
  });
});

describe('a file that holds a secret', () => {
  const secretFrom = async (directory: string, name = 'hash.key'): Promise<string | undefined> =>
    (await load({ ...minimal(), audit: { hashKey: `\${file:${name}}` } }, {}, directory)).audit.hashKey;

  it.each([0o640, 0o604, 0o620, 0o601, 0o644, 0o666])('is refused with mode %o', async (mode) => {
    const directory = await directoryWith({ 'hash.key': key });
    const file = join(directory, 'hash.key');
    await chmod(file, mode);
    expect((await setupErrorOf(secretFrom(directory))).message).toBe(
      `audit.hashKey: refers to the file ${file}, which holds a secret but is accessible to group or others (mode 0${mode.toString(8)}); run chmod 600 ${file} (ERR_CONFIG_INVALID)`,
    );
  });

  it.each([0o400, 0o600, 0o700])('is accepted with mode %o', async (mode) => {
    const directory = await directoryWith({ 'hash.key': key });
    await chmod(join(directory, 'hash.key'), mode);
    expect(await secretFrom(directory)).toBe(key);
  });

  it('is judged by what a symbolic link leads to', async () => {
    const directory = await directoryWith({ 'open.key': key });
    await chmod(join(directory, 'open.key'), 0o644);
    await symlink('open.key', join(directory, 'hash.key'));
    expect((await setupErrorOf(secretFrom(directory))).problem).toContain('accessible to group or others (mode 0644)');
  });

  it('has looser rules when the field holds no secret', async () => {
    const directory = await directoryWith({ 'open.txt': 'pod-a' });
    await chmod(join(directory, 'open.txt'), 0o644);
    expect((await load({ ...minimal(), audit: { stream: '${file:open.txt}' } }, {}, directory)).audit.stream).toBe(
      'pod-a',
    );
  });
});
