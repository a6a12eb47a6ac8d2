import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem, type } from 'node:os';

export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly system: string;
  readonly node: string;
  /** Load average of the last minute: other work that the figures suffer from, if asked before the bench works. */
  readonly load: number;
  /** Versions of what the rows are made of. */
  readonly packages: Readonly<Record<string, string>>;
}

const measured = [
  '@modelcontextprotocol/server',
  '@modelcontextprotocol/node',
  '@modelcontextprotocol/express',
  'express',
  'jose',
  'pino',
  'undici',
  'zod',
];

/** What the figures depend on. */
export function describeMachine(): Machine {
  return {
    processor: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()}`,
    node: process.version,
    load: loadavg()[0] ?? 0,
    packages: Object.fromEntries(measured.map((name) => [name, versionOf(name)])),
  };
}

/** Reads the manifest where Node would look for the package: not every package exports its own. */
function versionOf(name: string): string {
  const require = createRequire(import.meta.url);
  const paths = require.resolve.paths(name) ?? [];
  for (const path of paths) {
    try {
      const manifest = JSON.parse(readFileSync(`${path}/${name}/package.json`, 'utf8')) as { version?: string };
      return manifest.version ?? 'unknown';
    } catch {
      continue;
    }
  }
  return 'unknown';
}
