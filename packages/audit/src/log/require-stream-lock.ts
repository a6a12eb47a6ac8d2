import { join } from 'node:path';
import { logEvent, type OperationalLogger, SetupError } from '@sallyport/core';
import { acquireStreamLock, type LockAttempt, type LockTiming } from '../lock/acquire-stream-lock.ts';
import type { LockHolder } from '../lock/lock-file.ts';
import type { StreamLock } from '../lock/stream-lock.ts';
import { directoryProblem } from './prepare-directory.ts';

/** The lock of a stream, or the reason why this process can not have it. */
export async function requireStreamLock(
  directory: string,
  stream: string,
  timing: LockTiming,
  log: OperationalLogger,
): Promise<StreamLock> {
  const onWait = (holder: LockHolder | undefined): void => {
    const facts = { directory, stream, holderPid: holder?.pid, holderHost: holder?.host };
    logEvent(log, 'sallyport.audit.stream_locked', facts);
  };
  let attempt: LockAttempt;
  try {
    attempt = await acquireStreamLock({ directory, stream, purpose: 'write', wait: true, onWait, timing });
  } catch (cause) {
    throw directoryProblem(directory, cause);
  }
  if (attempt.lock !== undefined) return attempt.lock;
  const { holder } = attempt;
  const who = holder === undefined ? 'another process' : `process ${holder.pid} on ${holder.host}`;
  throw new SetupError({
    code: 'ERR_AUDIT_LOCKED',
    file: join(directory, `audit-${stream}.lock`),
    field: 'audit.stream',
    problem: `${who} is writing the stream ${stream}`,
    remedy: 'stop it, or give each process its own audit.stream',
  });
}
