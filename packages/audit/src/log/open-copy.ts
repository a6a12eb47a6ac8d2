import type { AuditLevel, AuditMode, Clock, OperationalLogger } from '@sallyport/core';
import type { PrepareEvidence } from '../checkpoint/prepare-evidence.ts';
import type { LockTiming } from '../lock/acquire-stream-lock.ts';
import { recoverDirectory } from '../recovery/recover-directory.ts';
import { retainOthers } from '../retention/retain-others.ts';
import type { RetentionPolicy } from '../retention/retention-policy.ts';
import type { RotatePolicy } from '../segment/rotate-policy.ts';
import type { SegmentFileSystem } from '../segment/segment-file-system.ts';
import { beginStream } from './begin-stream.ts';
import type { OpenCopy } from './copy-store.ts';
import { prepareDirectory } from './prepare-directory.ts';
import type { PrepareBuilders } from './record-builders.ts';
import { requireStreamLock } from './require-stream-lock.ts';

export interface OpenCopyOptions {
  readonly directory: string;
  readonly stream: string;
  readonly mode: AuditMode;
  readonly level: AuditLevel;
  readonly builders: PrepareBuilders;
  readonly evidenceOf: PrepareEvidence;
  readonly fileSystem: SegmentFileSystem;
  readonly rotate: RotatePolicy;
  readonly retention: RetentionPolicy;
  readonly exports: readonly string[];
  readonly clock: Clock;
  /** Whether the streams of other writers that are gone are finished, and their old segments deleted. */
  readonly recoverOthers: boolean;
  readonly timing: LockTiming;
  readonly log: OperationalLogger;
  /** Ends the watching of other writers. */
  readonly signal: AbortSignal;
}

/** How a directory of the log is opened: its lock, what a dead writer left, its evidence, its first segment. */
export function openCopy(options: OpenCopyOptions): OpenCopy {
  const { directory, stream, mode, level, evidenceOf, fileSystem, rotate, timing, log, signal } = options;
  return async () => {
    await prepareDirectory(directory, log);
    const lock = await requireStreamLock(directory, stream, timing, log);
    try {
      const builders = await options.builders(directory);
      const mayWrite = lock.confirm.bind(lock);
      const requireHeld = lock.requireHeld.bind(lock);
      const evidence = await evidenceOf(stream, { mayWrite, tolerant: mode === 'available' });
      const { build } = builders.of(stream);
      const { entries } = builders;
      const place = { directory, stream, mode, level, build, fileSystem, rotate };
      const begun = await beginStream({ ...place, log, mayWrite, requireHeld, evidence, entries });
      await builders.confirm();
      const builderOf = (name: string): typeof build => builders.of(name).build;
      const others = { directory, by: stream, builderOf, evidenceOf, log, signal, timing };
      const { retention: policy, exports, clock, recoverOthers } = options;
      if (!recoverOthers) return { ...begun, lock, settled: nothing, retainOthers: nothing };
      const settled = await recoverDirectory(others);
      return { ...begun, lock, settled, retainOthers: () => retainOthers({ ...others, policy, exports, clock }) };
    } catch (error) {
      await lock.release();
      throw error;
    }
  };
}

function nothing(): Promise<void> {
  return Promise.resolve();
}
