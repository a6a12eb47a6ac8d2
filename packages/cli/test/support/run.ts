import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { runSallyport } from '../../src/index.ts';
import { builtCommand } from './built-command.ts';

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Columns of the terminal that stdout then is. */
  readonly columns?: number;
  readonly now?: number;
  /** What stdin holds. Default: there is none. */
  readonly stdin?: string;
  /** Default: a clock that stands still, so that no machine is too slow for a test. */
  readonly monotonicMs?: () => number;
}

/** Runs a command in this process, from the sources. */
export async function run(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const stdin = options.stdin === undefined ? undefined : Readable.from([Buffer.from(options.stdin)]);
  const { env = {}, columns, now = Date.parse('2026-11-20T22:00:00Z'), monotonicMs = () => 0 } = options;
  const [stdout, stderr] = [memoryStream(columns), memoryStream(columns)];
  const code = await runSallyport(args, { stdout, stderr, stdin, env, now: () => now, monotonicMs });
  return { code, stdout: stdout.written(), stderr: stderr.written() };
}

function memoryStream(columns: number | undefined) {
  let written = '';
  let listener: (() => void) | undefined;
  return {
    isTTY: columns !== undefined,
    columns,
    written: () => written,
    // A stream that is always full: a command that does not wait for it would lose its place.
    write(chunk: string): boolean {
      written += chunk;
      setImmediate(() => listener?.());
      return false;
    },
    once: (_event: 'drain', wanted: () => void) => (listener = wanted),
  };
}

export interface RunBuiltOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** Runs the built command in a process of its own, with pipes and an environment without surprises. */
export async function runBuilt(args: readonly string[], options: RunBuiltOptions = {}): Promise<Ran> {
  const child = spawn(process.execPath, [builtCommand, ...args], {
    env: { PATH: process.env['PATH'], ...options.env },
    ...(options.cwd !== undefined && { cwd: options.cwd }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number]>,
  ]);
  return { code, stdout, stderr };
}
