import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { AuditRecord } from '@sallyport/core';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** The audience of every token in these tests. Its port is not the target's: nothing may be built from `Host`. */
export const resource = 'http://127.0.0.1:8080/mcp';

export interface StartTargetOptions {
  readonly issuer: string;
  /** Merged over the default configuration, one level deep. */
  readonly config?: Record<string, unknown>;
  /** A folder to reuse, so that a second start finds the first one's log. Default: a new temporary folder. */
  readonly folder?: string;
  readonly env?: Record<string, string>;
}

/** The target server as a process of its own. */
export interface Target {
  readonly url: string;
  readonly origin: string;
  readonly port: number;
  readonly folder: string;
  readonly auditDirectory: string;
  readonly process: ChildProcess;
  /** Everything written to stderr so far. */
  stderr(): string;
  /** The bodies that ran, in order. */
  effects(): { tool: string; sub: string | null; at: string }[];
  /** Every record on disk, in order of stream and sequence. */
  records(): AuditRecord[];
  /** Waits until the log holds a record that fits: refusals are recorded without making their caller wait. */
  waitForRecord(fits: (record: AuditRecord) => boolean): Promise<AuditRecord>;
  /** SIGTERM, then the exit code. */
  stop(): Promise<number | null>;
  /** Stops the process and removes its folder. */
  remove(): Promise<void>;
}

/** Writes a configuration, starts the built target with it and waits for its ready line. */
export async function startTarget(options: StartTargetOptions): Promise<Target> {
  const folder = options.folder ?? mkdtempSync(path.join(tmpdir(), 'sallyport-target-'));
  const configFile = path.join(folder, 'config.json');
  const effectsFile = path.join(folder, 'effects.jsonl');
  const auditDirectory = path.join(folder, 'audit');
  writeFileSync(configFile, JSON.stringify(defaultConfig(options)));
  const child = spawnTarget({ SALLYPORT_CONFIG: configFile, EFFECTS_FILE: effectsFile, PORT: '0', ...options.env });
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const port = await readyPort(child, () => stderr);
  const records = (): AuditRecord[] => readRecords(auditDirectory);
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    origin: `http://127.0.0.1:${port}`,
    port,
    folder,
    auditDirectory,
    process: child,
    stderr: () => stderr,
    effects: () => readLines(effectsFile) as { tool: string; sub: string | null; at: string }[],
    records,
    waitForRecord: (fits) => waitFor(() => records().find(fits), 'a record'),
    stop: () => stop(child),
    async remove() {
      await stop(child);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Starts the built target with an environment and does not wait. */
export function spawnTarget(env: Record<string, string>): ChildProcess {
  const program = path.join(root, 'test/target/dist/main.js');
  return spawn(process.execPath, [program], { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
}

/** The configuration every test starts from. */
export function defaultConfig({
  issuer,
  config = {},
}: Pick<StartTargetOptions, 'issuer' | 'config'>): Record<string, unknown> {
  const audit = { directory: './audit', stream: 'target', ...(config['audit'] as object | undefined) };
  return {
    resource,
    issuers: [{ issuer }],
    card: path.join(root, 'test/target/server-card.json'),
    signInScopes: ['notes:read'],
    drift: 'warn',
    dangerouslyAllowInsecureIssuers: true,
    ...config,
    audit,
  };
}

/** Polls until a value is there; fails with a sentence after ten seconds. */
export async function waitFor<T>(find: () => T | undefined | Promise<T | undefined>, what: string): Promise<T> {
  const until = Date.now() + 10_000;
  for (;;) {
    const found = await find();
    if (found !== undefined) return found;
    if (Date.now() > until) throw new Error(`waited ten seconds for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function readyPort(child: ChildProcess, stderr: () => string): Promise<number> {
  if (child.stdout === null) throw new Error('the target has no stdout');
  const lines = createInterface({ input: child.stdout });
  const ready = once(lines, 'line') as Promise<[string]>;
  const exited = once(child, 'exit').then(() => {
    throw new Error(`the target did not start: ${stderr()}`);
  });
  const [line] = await Promise.race([ready, exited]);
  return (JSON.parse(line) as { port: number }).port;
}

async function stop(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  await exited;
  return child.exitCode;
}

function readRecords(directory: string): AuditRecord[] {
  if (!existsSync(directory)) return [];
  const segments = readdirSync(directory).filter((name) => name.endsWith('.jsonl'));
  return segments.toSorted().flatMap((name) => readLines(path.join(directory, name)) as AuditRecord[]);
}

/** Complete lines only: the last one may be being written right now. */
function readLines(file: string): unknown[] {
  if (!existsSync(file)) return [];
  const text = readFileSync(file, 'utf8');
  const complete = text.slice(0, text.lastIndexOf('\n') + 1);
  return complete
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as unknown);
}
