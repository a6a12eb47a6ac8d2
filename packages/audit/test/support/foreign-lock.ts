import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LockPurpose } from '../../src/lock/lock-file.ts';
import { currentProcess, type ProcessIdentity } from '../../src/lock/process-identity.ts';

/** Heartbeats for tests: the rhythm of the real ones, a hundred times faster. */
export const fast = { heartbeatMs: 50, staleMs: 300 };

/** Writes the lock of a stream as another process would; returns its token. */
export async function writeLock(
  directory: string,
  stream: string,
  identity: Partial<ProcessIdentity> = {},
  purpose: LockPurpose = 'write',
): Promise<string> {
  const token = randomUUID();
  const holder = { v: 1, token, purpose, host: 'elsewhere', ...currentProcess(), ...identity };
  await writeFile(join(directory, `audit-${stream}.lock`), JSON.stringify(holder), { mode: 0o600 });
  return token;
}

/** A process of another pod: it can not be seen from here. */
export const unseen: Partial<ProcessIdentity> = { pidNamespace: 'pid:[1]' };

/** The pid of a process that has ended. */
export async function deadPid(): Promise<number> {
  const child = spawn('true');
  await once(child, 'exit');
  return child.pid ?? 0;
}
