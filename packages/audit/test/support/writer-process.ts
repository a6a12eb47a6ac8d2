import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { access } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

export interface WriterOptions {
  readonly directory: string;
  readonly stream: string;
  readonly mode?: 'strict' | 'available';
  /** Calls made at the same time; none by default. */
  readonly workers?: number;
  /** Size of a decision, about. */
  readonly bytes?: number;
}

/** One line that the writer printed. */
export interface Said {
  readonly open?: true;
  readonly error?: string;
  readonly allowed?: string;
  readonly ended?: string;
  readonly refused?: string;
  readonly cause?: string;
  readonly closed?: true;
}

/** The built package in a process of its own; `pnpm build` comes first. */
export class WriterProcess {
  readonly said: Said[] = [];
  readonly #child: ChildProcess;
  readonly #exit: Promise<unknown>;
  #changed: (() => void)[] = [];

  /** `shell`: shell commands to run before the writer, in its process. */
  constructor(options: WriterOptions, shell = '') {
    const writer = fileURLToPath(new URL('../faults/writer.mjs', import.meta.url));
    const script = `${shell} exec "$0" "$@"`;
    const facts = JSON.stringify({ mode: 'strict', workers: 0, ...options });
    this.#child = spawn('sh', ['-c', script, process.execPath, writer, facts], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#exit = once(this.#child, 'exit');
    onTestFinished(() => void this.#child.kill('SIGKILL'));
    const { stdout } = this.#child;
    if (stdout === null) throw new Error('the writer has no output');
    const lines = createInterface({ input: stdout });
    lines.on('line', (line) => {
      this.said.push(JSON.parse(line) as Said);
      this.#wake();
    });
    lines.on('close', () => this.#wake());
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Resolves when the writer has said enough, or has ended. */
  async until(enough: (said: readonly Said[]) => boolean): Promise<void> {
    while (!enough(this.said) && this.#child.exitCode === null && this.#child.signalCode === null) {
      await new Promise<void>((resolve) => this.#changed.push(resolve));
    }
    if (!enough(this.said)) throw new Error(`the writer ended early: ${JSON.stringify(this.said.slice(-3))}`);
  }

  /** Ends the writer and waits for everything it said. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    this.#child.kill(signal);
    await this.#exit;
    await new Promise(setImmediate);
  }

  #wake(): void {
    const changed = this.#changed;
    this.#changed = [];
    for (const resolve of changed) resolve();
  }
}

/** Fails with what to do when the package was not built. */
export async function requireBuild(): Promise<void> {
  const built = fileURLToPath(new URL('../../dist/index.js', import.meta.url));
  await access(built).catch(() => {
    throw new Error('these tests start built programs: run `pnpm build` first');
  });
}
