import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readTranscripts, runPage } from './support/console-page.ts';

async function run(...lines: readonly string[]) {
  const cwd = await mkdtemp(join(tmpdir(), 'sallyport-page-'));
  onTestFinished(() => rm(cwd, { recursive: true }));
  const ran = await runPage(
    ['Text.', '', '```console', ...lines, '```', '', '```', '$ not this', '```', ''].join('\n'),
    { cwd },
  );
  return ran.map(({ command, printed, actual }) => ({ command, same: printed === actual, actual }));
}

const one = '4f9c1e07-6a18-4073-9717-8e372f464d7c';
const other = '9c74c306-0ccf-40f9-a6bf-9e3ccbde7256';

describe('a page with commands', () => {
  it('is read with the commands that go on in the next line', () => {
    expect(readTranscripts('```console\n$ a \\\n  b\nc\n$ d\n```\n')).toEqual([
      { command: 'a \\\n  b', printed: 'c\n' },
      { command: 'd', printed: '' },
    ]);
    expect(() => readTranscripts('```console\nno command\n```\n')).toThrow('begins with "no command"');
  });

  it('passes when its commands print what it shows, on both outputs and in their order', async () => {
    expect(await run('$ echo a; echo b >&2; echo c', 'a', 'b', 'c', '$ exit 3', '$ echo $?', '3')).toMatchObject([
      { same: true },
      { same: true },
      { same: true },
    ]);
  });

  it('fails when a command prints something else, more or less', async () => {
    expect(await run('$ echo 1 of 2 records', '1 of 3 records')).toMatchObject([{ same: false }]);
    expect(await run('$ echo a; echo b', 'a')).toMatchObject([{ same: false, actual: 'a\nb\n' }]);
    expect(await run('$ true', 'a')).toMatchObject([{ same: false, actual: '' }]);
  });

  it('passes over times, durations and sizes, and the width of columns that holds them', async () => {
    const ran = await run(
      "$ echo '2026-11-20 21:00:00   ok 7 ms  12 bytes  end'",
      '2020-01-02 03:04:05  ok 1234 ms    1,234 bytes  end',
    );
    expect(ran).toMatchObject([{ same: true }]);
    expect(await run("$ echo '2026-11-20T21:00:00Z'", '7 ms')).toMatchObject([{ same: false }]);
  });

  it('learns which id stands for which, also in later commands and by its beginning', async () => {
    const ran = await run(
      `$ id=${one}; echo $id`,
      other,
      `$ echo ${other.slice(0, 8)} ${other}`,
      `${other.slice(0, 8)} ${other}`,
    );
    expect(ran).toMatchObject([{ same: true }, { same: true }]);
  });

  it('fails when an id stands where another one should', async () => {
    const ran = await run(`$ echo ${one} ${one}`, `${one} ${other}`);
    expect(ran).toMatchObject([{ same: false }]);
  });
});
