import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startDevIdp, type DevIdp } from '@sallyport/dev-idp';

const target = fileURLToPath(new URL('../../../../test/target/', import.meta.url));

/** The target server behind the whole guard, and the development IdP it trusts. */
export interface GuardedTarget {
  readonly url: string;
  readonly idp: DevIdp;
  readonly auditDirectory: string;
  readonly configFile: string;
  /** The bodies that ran, such as `write-note alice`. */
  effects(): Promise<readonly string[]>;
  stop(): Promise<void>;
}

/** Starts the built target on a free port. */
export async function startGuardedTarget(overrides: Readonly<Record<string, unknown>> = {}): Promise<GuardedTarget> {
  const directory = await mkdtemp(join(tmpdir(), 'sallyport-target-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/mcp`;
  const idp = await startDevIdp({ quiet: true, resources: [url] });
  const configFile = join(directory, 'config.json');
  const effectsFile = join(directory, 'effects.jsonl');
  await cp(join(target, 'server-card.json'), join(directory, 'server-card.json'));
  const config = {
    resource: url,
    issuers: [{ issuer: idp.issuer }],
    card: './server-card.json',
    signInScopes: ['notes:read'],
    drift: 'warn',
    audit: { stream: 'target' },
    dangerouslyAllowInsecureIssuers: true,
  };
  await writeFile(configFile, JSON.stringify({ ...config, ...overrides }));
  await writeFile(effectsFile, '');
  const child = spawn(process.execPath, [join(target, 'dist/main.js')], {
    env: { PATH: process.env['PATH'], SALLYPORT_CONFIG: configFile, EFFECTS_FILE: effectsFile, PORT: String(port) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  child.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()));
  const exited = once(child, 'exit');
  await Promise.race([
    once(child.stdout, 'data'),
    exited.then(() => {
      throw new Error(`the target did not start: ${log}`);
    }),
  ]);
  return {
    url,
    idp,
    auditDirectory: join(directory, 'audit'),
    configFile,
    async effects() {
      const lines = (await readFile(effectsFile, 'utf8')).split('\n').filter((line) => line !== '');
      return lines
        .map((line) => JSON.parse(line) as { tool: string; sub: string })
        .map(({ tool, sub }) => `${tool} ${sub}`);
    },
    async stop() {
      child.kill('SIGTERM');
      await exited;
      await idp.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}
