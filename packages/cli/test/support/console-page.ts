import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect } from 'vitest';
import { builtCommand } from './built-command.ts';
import { createNames, type Names } from './volatile-text.ts';

/** A command of a page and what the page says it prints. */
export interface Transcript {
  readonly command: string;
  readonly printed: string;
}

/** What became of a command of a page. */
export interface RanTranscript extends Transcript {
  /** What it printed, with the page's own ids, hashes and times where the page has some of the same kind in the same place. */
  readonly actual: string;
  readonly code: number;
}

export interface RunPageOptions {
  /** The folder in which all commands run. */
  readonly cwd: string;
  /** Beyond `PATH`, on which `sallyport` is the built command. */
  readonly env?: Readonly<Record<string, string>>;
}

const block = /^```console\n(?<body>[^]*?)^```$/gm;

/** The commands in the ```console blocks of a page, with what it says they print, in order. A `\` at the end of a line goes on with the next. */
export function readTranscripts(page: string): Transcript[] {
  return [...page.matchAll(block)].flatMap(({ groups }) => readBlock(groups?.['body'] ?? ''));
}

function readBlock(body: string): Transcript[] {
  const found: { command: string; printed: string }[] = [];
  let goesOn = false;
  for (const line of body.split('\n').slice(0, -1)) {
    const last = found.at(-1);
    if (goesOn && last !== undefined) last.command += `\n${line}`;
    else if (line.startsWith('$ ')) found.push({ command: line.slice(2), printed: '' });
    else if (last === undefined)
      throw new Error(`a console block begins with ${JSON.stringify(line)}, not with a command`);
    else last.printed += `${line}\n`;
    goesOn = (found.at(-1)?.command ?? '').endsWith('\\') && (goesOn || line.startsWith('$ '));
  }
  return found;
}

/**
 * Runs the commands of a page one after the other, each in a shell, as somebody who reads the page would. An id or a hash that the page shows
 * stands for the one that was printed in its place, also in later commands; `$?` is the exit code of the command before.
 */
export async function runPage(page: string, options: RunPageOptions): Promise<readonly RanTranscript[]> {
  const bin = await mkdtemp(join(tmpdir(), 'sallyport-bin-'));
  try {
    await writeFile(join(bin, 'sallyport'), `#!/bin/sh\nexec "${process.execPath}" "${builtCommand}" "$@"\n`);
    await chmod(join(bin, 'sallyport'), 0o700);
    await mkdir(join(bin, 'home'));
    const env = {
      PATH: `${bin}${delimiter}${process.env['PATH'] ?? ''}`,
      HOME: join(bin, 'home'),
      LC_ALL: 'C',
      TZ: 'UTC',
      ...options.env,
    };
    const names = createNames();
    const ran: RanTranscript[] = [];
    for (const shown of readTranscripts(page)) {
      ran.push(await runOne(shown, names, { cwd: options.cwd, env, before: ran.at(-1)?.code ?? 0 }));
    }
    return ran;
  } finally {
    await rm(bin, { recursive: true, force: true });
  }
}

interface Session {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly before: number;
}

async function runOne(shown: Transcript, names: Names, { cwd, env, before }: Session): Promise<RanTranscript> {
  const script = `exec 2>&1\n(exit ${before})\n${names.inCommand(shown.command)}\n`;
  const child = spawn('/bin/sh', ['-c', script], { cwd, env, stdio: ['ignore', 'pipe', 'ignore'] });
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'close') as Promise<[number]>]);
  return { ...shown, actual: names.asShown(output, shown.printed), code };
}

/** A page with what its commands really print. */
function rewritePage(page: string, ran: readonly RanTranscript[]): string {
  let index = 0;
  return page.replaceAll(block, (_whole, body: string) => {
    const count = readBlock(body).length;
    const lines = ran.slice(index, index + count).map(({ command, actual }) => `$ ${command}\n${actual}`);
    index += count;
    return `\`\`\`console\n${lines.join('')}\`\`\``;
  });
}

/** Checks that every command prints what its page says. With `WRITE_PAGES` in the environment the page is written anew instead. */
export function expectPage(file: URL, ran: readonly RanTranscript[]): void {
  if (process.env['WRITE_PAGES'] !== undefined) writeFileSync(file, rewritePage(readFileSync(file, 'utf8'), ran));
  else
    for (const { command, printed, actual } of ran) expect({ command, printed: actual }).toEqual({ command, printed });
}
