import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { builtCommand } from '../../../packages/cli/test/support/built-command.ts';

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunCliOptions {
  readonly cwd?: string;
  /** Beyond `PATH`. */
  readonly env?: Readonly<Record<string, string>>;
  /** Written to standard input, which is then closed. Default: nothing is written, and it stays open: a command that asked would wait. */
  readonly stdin?: string;
  /** Permissions of files hold, also for root. */
  readonly obeysPermissions?: boolean;
}

/** What lets root read and write any file. Another user might not get at Node.js itself, which npm keeps in the home of root. */
const capabilities = '-dac_override,-dac_read_search';
const withoutThem = ['setpriv', `--bounding-set=${capabilities}`, `--inh-caps=${capabilities}`];

/** Runs the built command with pipes, as a script would. */
export async function runCli(args: readonly string[], options: RunCliOptions = {}): Promise<Ran> {
  const { cwd, env = {}, stdin, obeysPermissions = false } = options;
  const prefix = obeysPermissions && process.getuid?.() === 0 ? withoutThem : [];
  const [program = process.execPath, ...rest] = [...prefix, process.execPath, builtCommand, ...args];
  const child = spawn(program, rest, {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
    ...(cwd !== undefined && { cwd }),
  });
  // A command that does not read closes it first.
  child.stdin.on('error', () => undefined);
  if (stdin !== undefined) child.stdin.end(stdin);
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  return { code, stdout, stderr };
}
