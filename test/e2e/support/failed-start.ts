import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { expect } from 'vitest';
import { defaultConfig, spawnTarget } from './target.ts';

/** A start that must not succeed: a configuration, the files beside it, and what the one line has to name. */
export interface FailedStart {
  /** Merged over a configuration that would start; a text is written as it is. */
  readonly config?: Record<string, unknown> | string;
  /** Files beside the configuration. */
  readonly files?: Record<string, string>;
  readonly env?: Record<string, string>;
  /** Name of the configuration file. Default `config.json`. */
  readonly name?: string;
  /** The file the line begins with; a relative one stands beside the configuration. */
  readonly file: string;
  /** The field or pointer after it. */
  readonly field?: string;
  /** What the line says of the problem or its remedy. */
  readonly says: RegExp;
  readonly code: string;
  /** Texts that must not be in the line. */
  readonly hides?: readonly string[];
}

/** How a start ended. */
export interface EndedStart {
  readonly folder: string;
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** More would only take turns on the two cores of a test machine. */
const atOnce = 3;

/** Tries several starts, a few at a time. */
export async function tryStarts(starts: readonly FailedStart[]): Promise<Map<FailedStart, EndedStart>> {
  const ended = new Map<FailedStart, EndedStart>();
  const waiting = [...starts];
  const work = async (): Promise<void> => {
    for (let start = waiting.shift(); start !== undefined; start = waiting.shift())
      ended.set(start, await tryStart(start));
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return ended;
}

async function tryStart(start: FailedStart): Promise<EndedStart> {
  const folder = mkdtempSync(path.join(tmpdir(), 'sallyport-start-'));
  try {
    const { name = 'config.json', config = {}, files = {} } = start;
    const good = { ...defaultConfig({ issuer: 'https://login.example.com' }), dangerouslyAllowInsecureIssuers: false };
    const written = typeof config === 'string' ? config : JSON.stringify({ ...good, ...config });
    for (const [file, content] of Object.entries({ ...files, [name]: written }))
      writeFileSync(path.join(folder, file), content);
    return { folder, ...(await run({ SALLYPORT_CONFIG: path.join(folder, name), PORT: '0', ...start.env })) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function run(env: Record<string, string>): Promise<Omit<EndedStart, 'folder'>> {
  const child = spawnTarget(env);
  if (child.stdout === null || child.stderr === null) throw new Error('the target has no output');
  const exited = once(child, 'exit') as Promise<[number | null]>;
  // One that starts in spite of everything must not be left behind.
  child.stdout.once('data', () => child.kill('SIGKILL'));
  const [[code], stdout, stderr] = await Promise.all([exited, text(child.stdout), text(child.stderr)]);
  return { code, stdout, stderr };
}

/** Checks that a start ended before it listened, with one line that names file, field, problem, remedy and code. */
export function expectFailedStart(start: FailedStart, ended: EndedStart | undefined): void {
  if (ended === undefined) throw new Error('the start was not tried');
  const { folder, code, stdout, stderr } = ended;
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr.split('\n')).toEqual([expect.stringMatching(start.says), '']);
  const where = [path.resolve(folder, start.file), start.field].filter((part) => part !== undefined).join(': ');
  // Line and column of a card stand behind its file.
  const line = stderr.replace(/^(?<file>[^:]+):[0-9]+:[0-9]+: /, '$<file>: ');
  expect(line.slice(0, where.length + 2)).toBe(`${where}: `);
  expect(line.slice(where.length + 2)).toMatch(new RegExp(`^[^;]+; .+ \\(${start.code}\\)\\n$`));
  for (const secret of start.hides ?? []) expect(stderr).not.toContain(secret);
}
