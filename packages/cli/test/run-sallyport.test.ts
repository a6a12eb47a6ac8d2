import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { auditDirectory, story, temporaryDirectory } from './support/audit-log.ts';
import { closedOrigin } from './support/local-server.ts';
import { builtCommand } from './support/built-command.ts';
import { run, runBuilt } from './support/run.ts';

describe('help', () => {
  it.each([
    [['--help']],
    [['config', 'check', '--help']],
    [['card', 'lint', '-h']],
    [['card', 'build', '--help']],
    [['card', 'diff', '--help']],
    [['card', 'schema', '--help']],
    [['can-i', '--help']],
    [['audit', 'show', '--help']],
    [['token', 'revoke', '--help']],
    [['try', '--help']],
  ])('of %j has examples and exit codes, on stdout, and fits 100 columns', async (args) => {
    const { code, stdout, stderr } = await run(args);
    expect(code).toBe(0);
    expect(stderr).toBe('');
    expect(stdout).toContain('\nExamples:\n  $ sallyport ');
    expect(stdout).toContain('\nExit codes:\n  0  ');
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
  });

  it('lists every command with its arguments', async () => {
    const { stdout } = await run(['--help']);
    expect(stdout.match(/^ {2}(?:config check <file>|card lint <file>|audit show \[dir\]|try <tool>) /gm)).toHaveLength(
      4,
    );
  });

  it('is printed on stderr for half a command, which is wrong usage', async () => {
    for (const args of [[], ['audit']]) {
      const { code, stdout, stderr } = await run(args);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toContain('Usage: sallyport');
    }
  });

  it('prints the version of the package', async () => {
    const { version } = (await import('../package.json', { with: { type: 'json' } })).default;
    expect(await run(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });
});

describe('every error', () => {
  it('has a stable code, what was wrong, a next step and a page, for people and for machines', async () => {
    const empty = await temporaryDirectory();
    const noToken = join(empty, 'token');
    await writeFile(noToken, '');
    const failing: readonly (readonly string[])[] = [
      ['no-such-command'],
      ['config', 'chek', 'x'],
      ['config', 'check'],
      ['config', 'check', join(empty, 'x.yaml')],
      ['card', 'lint', join(empty, 'x.json')],
      ['card', 'lint', 'a', 'b'],
      ['audit', 'show', empty],
      ['audit', 'show', join(empty, 'x')],
      ['audit', 'show', empty, '--since', 'yesterday'],
      ['audit', 'show', empty, '--decision', 'maybe'],
      ['audit', 'show', empty, '--call', 'x'],
      ['audit', 'show', empty, '--last', '0'],
      ['audit', 'show', empty, '--unknown'],
      ['try'],
      ['try', 't', '--args', '['],
      ['try', 't', '--args', '[]'],
      ['try', 't', '--scope', '"'],
      ['try', 't', '--timeout', 'soon'],
      ['try', 't', '--url', 'http://mcp.example.com'],
      ['try', 't', '--as', 'alice', '--token-file', noToken],
      ['try', 't', '--token-file', noToken],
      ['try', 't', '--as', 'alice', '--url', `${await closedOrigin()}/mcp`],
    ];
    for (const args of failing) {
      const people = await run(args);
      expect(people).toMatchObject({ code: 2, stdout: '' });
      const code = /^error {2}(ERR_[A-Z_]+) {2}\S.*\n {7}\S.*\n {7}https:\/\/sallyport\.dev\/errors\/\1\n$/.exec(
        people.stderr,
      )?.[1];
      expect(code, people.stderr).toBeDefined();
      const machines = await run([...args, '--json']);
      expect(machines).toMatchObject({ code: 2, stdout: '' });
      expect(JSON.parse(machines.stderr)).toEqual({
        error: expect.objectContaining({
          code,
          problem: expect.stringMatching(/./) as string,
          remedy: expect.stringMatching(/./) as string,
          doc: `https://sallyport.dev/errors/${String(code)}`,
        }) as unknown,
      });
    }
  });

  it('names the help of the command that was used wrongly, and guesses what was meant', async () => {
    expect((await run(['audit', 'show', '--sinse', '1d'])).stderr).toContain(
      `unknown option '--sinse' (Did you mean --since?)\n       see  sallyport audit show --help\n`,
    );
    expect((await run(['tri', 'x'])).stderr).toContain('(Did you mean try?)\n       see  sallyport --help\n');
  });

  it('does not repeat the arguments of a tool, which may be secret', async () => {
    const { stderr } = await run(['try', 't', '--args', '{"pin":"hunter2"']);
    expect(stderr).toContain('--args: is not JSON');
    expect(stderr).not.toContain('hunter2');
  });
});

describe('the process', () => {
  it('exits with the code of its command and keeps the streams apart', async () => {
    const directory = await auditDirectory(story);
    expect(await runBuilt(['audit', 'show', directory, '--call', 'ffff'])).toMatchObject({ code: 1, stdout: '' });
    expect(await runBuilt(['audit', 'show', directory, '--quiet'])).toMatchObject({ code: 0, stderr: '' });
    expect(await runBuilt(['audit'])).toMatchObject({ code: 2, stdout: '' });
  });

  it('finds the config file in its working directory', async () => {
    const directory = await temporaryDirectory();
    const missing = await runBuilt(['audit', 'show'], { cwd: directory });
    expect(missing.code).toBe(2);
    expect(missing.stderr).toContain('there is no sallyport.config.yaml here');
    await writeFile(
      join(directory, 'sallyport.config.yaml'),
      `resource: https://mcp.example.com/mcp\nissuers: [{ issuer: https://login.example.com }]\ncard: ./c.json\naudit: { directory: ${await auditDirectory(story)} }\n`,
    );
    const { code, stdout } = await runBuilt(['audit', 'show', '--decision', 'deny'], { cwd: directory });
    expect(code).toBe(0);
    expect(stdout).toContain('bob');
  });

  it('stops quietly when its reader has seen enough', async () => {
    const directory = await auditDirectory(Array.from({ length: 5000 }, () => story[1] ?? {}));
    const child = spawn(process.execPath, [builtCommand, 'audit', 'show', directory, '--json'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.once('data', () => child.stdout.destroy());
    const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
  });
});
