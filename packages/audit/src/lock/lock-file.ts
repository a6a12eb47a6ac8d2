import { createHash, randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { open, rm, type FileHandle } from 'node:fs/promises';
import { hostname } from 'node:os';
import { isJsonObject, member } from '@sallyport/core';
import { openRegular } from '../files/open-regular.ts';
import { errorCode } from '../log/error-code.ts';
import { currentProcess, type ProcessIdentity } from './process-identity.ts';

/** `write`: for as long as a log is open. `recover`: for the moment in which a dead writer's log is finished. */
export type LockPurpose = 'write' | 'recover';

/** Who holds a lock. */
export interface LockHolder extends ProcessIdentity {
  readonly token: string;
  readonly purpose: LockPurpose;
  readonly host: string;
}

/** A lock as found on disk. */
export interface SeenLock {
  /** `undefined` when the file does not say; then only its heartbeat counts. */
  readonly holder: LockHolder | undefined;
  /** Tells one taking of the lock from every other. */
  readonly generation: string;
  /** Moves with every heartbeat. */
  readonly mtimeMs: number;
}

/** Far more than a holder needs. */
const maxLockBytes = 64 * 1024;

/** The file that whoever replaces or removes a generation of a lock must make first. */
export function guardPath(path: string, generation: string, level: number): string {
  return `${path}.${generation}-${level}`;
}

export function newHolder(purpose: LockPurpose): LockHolder {
  return { token: randomUUID(), purpose, host: hostname(), ...currentProcess() };
}

/** Writes a file that must not exist yet; `undefined` when it does. The handle stays open for heartbeats. */
export async function createLockFile(path: string, holder: LockHolder): Promise<FileHandle | undefined> {
  let handle: FileHandle;
  try {
    handle = await open(path, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL, 0o600);
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return undefined;
    throw error;
  }
  try {
    await handle.writeFile(`${JSON.stringify({ v: 1, ...holder })}\n`);
    await handle.sync();
    return handle;
  } catch (error) {
    await handle.close().catch(() => undefined);
    await rm(path, { force: true });
    throw error;
  }
}

/** `undefined` when there is none. */
export async function readLockFile(path: string): Promise<SeenLock | undefined> {
  try {
    const { content, ino, mtimeMs } = await readRegular(path);
    const holder = parseHolder(content);
    return { holder, generation: holder?.token ?? digest(content, ino), mtimeMs };
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

async function readRegular(path: string): Promise<{ content: Buffer; ino: number; mtimeMs: number }> {
  const handle = await openRegular(path);
  try {
    const { ino, mtimeMs, size } = await handle.stat();
    if (size > maxLockBytes) throw new Error('it is too large for a lock');
    return { content: await handle.readFile(), ino, mtimeMs };
  } finally {
    await handle.close();
  }
}

function digest(content: Buffer, ino: number): string {
  return createHash('sha256').update(`${ino} `).update(content).digest('hex').slice(0, 32);
}

function parseHolder(content: Buffer): LockHolder | undefined {
  let value: unknown;
  try {
    value = JSON.parse(content.toString('utf8'));
  } catch {
    return undefined;
  }
  if (!isJsonObject(value)) return undefined;
  const pid = member(value, 'pid');
  const token = member(value, 'token');
  const purpose = member(value, 'purpose');
  const pidNamespace = member(value, 'pidNamespace');
  if (typeof pid !== 'number' || !Number.isSafeInteger(pid) || pid <= 0) return undefined;
  // The token becomes part of a file name.
  if (typeof token !== 'string' || !/^[0-9a-f-]{36}$/.test(token)) return undefined;
  if (purpose !== 'write' && purpose !== 'recover') return undefined;
  if (typeof pidNamespace !== 'string') return undefined;
  return {
    token,
    purpose,
    host: textOf(value, 'host') ?? 'an unknown host',
    pid,
    pidNamespace,
    startTicks: textOf(value, 'startTicks'),
    bootId: textOf(value, 'bootId'),
  };
}

function textOf(value: unknown, name: string): string | null {
  const text = member(value, name);
  return typeof text === 'string' ? text : null;
}
