import { describe, expect, it } from 'vitest';
import { createOutput } from '../../src/terminal/output.ts';

function io() {
  const written: { stdout: string; stderr: string } = { stdout: '', stderr: '' };
  const stream = (name: 'stdout' | 'stderr') => ({
    write(text: string): boolean {
      written[name] += text;
      return true;
    },
    once: () => undefined,
  });
  return { written, stdout: stream('stdout'), stderr: stream('stderr'), env: {}, now: Date.now };
}

const problem = {
  code: 'ERR_CLI_USAGE',
  field: '--args',
  problem: 'is not JSON',
  remedy: 'write an object',
  doc: 'https://sallyport.dev/errors/ERR_CLI_USAGE',
} as const;

describe('createOutput', () => {
  it('writes data on stdout and everything else on stderr', async () => {
    const to = io();
    const output = createOutput(to);
    await output.data('yes');
    output.message('signed in');
    output.warning('careful');
    output.problem(problem);
    expect(to.written).toEqual({
      stdout: 'yes\n',
      stderr: [
        'signed in',
        'warning  careful',
        'error  ERR_CLI_USAGE  --args: is not JSON',
        '       write an object',
        '       https://sallyport.dev/errors/ERR_CLI_USAGE',
        '',
      ].join('\n'),
    });
  });

  it('leaves out messages with --quiet, and nothing else', () => {
    const to = io();
    const output = createOutput(to, { quiet: true });
    output.message('signed in');
    output.warning('careful');
    expect(to.written.stderr).toBe('warning  careful\n');
  });

  it('writes nothing but JSON lines with --json', async () => {
    const to = io();
    const output = createOutput(to, { json: true });
    await output.dataJson({ ok: true });
    output.message('signed in');
    output.warning('careful');
    output.problem(problem);
    expect(to.written.stdout).toBe('{"ok":true}\n');
    expect(
      to.written.stderr
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual([{ warning: 'careful' }, { error: problem }]);
  });

  it('escapes what others wrote in messages', () => {
    const to = io();
    createOutput(to).message('signed in as \u001B[2J');
    expect(to.written.stderr).toBe('signed in as \\u{1b}[2J\n');
  });
});

describe('progress', () => {
  const show = (options: object, isTTY: boolean, env = {}): string => {
    const to = io();
    const output = createOutput({ ...to, stderr: { ...to.stderr, isTTY }, env }, options);
    output.progress('half');
    output.progress('all\u001b[2J');
    output.progress(undefined);
    output.progress(undefined);
    return to.written.stderr;
  };

  it('is one line of a terminal that is replaced and goes away', () => {
    expect(show({}, true)).toBe('\r\u001b[2Khalf\r\u001b[2Kall\\u{1b}[2J\r\u001b[2K');
  });

  it('is nothing in a pipe, for a machine, with --quiet and on a dumb terminal', () => {
    expect(show({}, false)).toBe('');
    expect(show({ json: true }, true)).toBe('');
    expect(show({ quiet: true }, true)).toBe('');
    expect(show({}, true, { TERM: 'dumb' })).toBe('');
  });
});
