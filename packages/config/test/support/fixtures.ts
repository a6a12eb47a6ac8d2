import { SetupError } from '@sallyport/core';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { mkdir } from 'node:fs/promises';
import { onTestFinished } from 'vitest';
import type { ConfigInput, SallyportConfig } from '../../src/index.ts';
import { loadConfig } from '../../src/index.ts';

export const resource = 'https://mcp.example.com/mcp';
export const issuer = 'https://login.example.com';

/** The smallest configuration. */
export function minimal(): ConfigInput {
  return { resource, issuers: [{ issuer }], card: './server-card.json' };
}

/** Loads something of any shape, as a file would bring it, without the environment of the tests. */
export function load(
  input: unknown,
  env: Record<string, string> = {},
  baseDirectory = '/srv/app',
): Promise<SallyportConfig> {
  return loadConfig(input as ConfigInput, { env, baseDirectory });
}

/** The minimal configuration with other fields. */
export function loadWith(fields: object, env: Record<string, string> = {}): Promise<SallyportConfig> {
  return load({ ...minimal(), ...fields }, env);
}

/** The error of a promise that must fail with a SetupError. */
export async function setupErrorOf(promise: Promise<unknown>): Promise<SetupError> {
  const outcome = await promise.then(
    (value) => value,
    (error: unknown) => error,
  );
  if (outcome instanceof SetupError) return outcome;
  throw new Error('expected a SetupError', { cause: outcome });
}

/** A directory with files, gone after the test. */
export async function directoryWith(files: Record<string, string | Uint8Array>, mode = 0o600): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'sallyport-config-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(directory, name)), { recursive: true });
    await writeFile(join(directory, name), content, { mode });
  }
  return directory;
}
