import type { AuditEntry, AuditRecord } from '@sallyport/core';
import { acquireStreamLock, type LockTiming } from '../lock/acquire-stream-lock.ts';
import type { AuditLogger } from '../log/audit-logger.ts';
import { packRecord } from '../segment/record-line.ts';
import { nodeSegmentFileSystem } from '../segment/segment-file-system.ts';
import { SegmentStore } from '../segment/segment-store.ts';
import { settleStream } from './settle-stream.ts';

export interface RecoverStreamOptions {
  readonly directory: string;
  readonly stream: string;
  /** The stream that this process writes; it stands in the records. */
  readonly by: string;
  readonly build: (entry: AuditEntry) => AuditRecord;
  readonly log: AuditLogger;
  /** Whether to wait for the heartbeat of a holder that can not be seen from here. */
  readonly wait: boolean;
  readonly signal?: AbortSignal;
  readonly timing: LockTiming;
}

/** `uncertain`: whether the writer lives could not be told without waiting. */
export type RecoveryResult = 'recovered' | 'nothing to do' | 'alive' | 'uncertain';

/**
 * Finishes the stream of a dead writer: a new segment of that stream ends every attempt it left open as `aborted`.
 */
export async function recoverStream(options: RecoverStreamOptions): Promise<RecoveryResult> {
  const { directory, stream, by, build, log, wait, signal, timing } = options;
  const attempt = await acquireStreamLock({
    directory,
    stream,
    purpose: 'recover',
    wait,
    timing,
    ...(signal !== undefined && { signal }),
  });
  if (attempt.lock === undefined) return attempt.certain ? 'alive' : 'uncertain';
  try {
    const settled = await settleStream(directory, stream);
    if (settled.finished) return 'nothing to do';
    const entries: AuditEntry[] = [
      { type: 'audit.started', detail: { ...settled.facts, pid: process.pid, recoveredBy: by } },
      ...settled.closing,
      { type: 'audit.stopped', detail: { open: 0, recoveredBy: by } },
    ];
    const { nextSeq } = settled;
    const store = new SegmentStore({ directory, stream, nextSeq, fileSystem: nodeSegmentFileSystem });
    await attempt.lock.confirm();
    await store.begin(entries.map((entry) => packRecord(build(entry))));
    await store.close();
    log.warn({ directory, stream, ...settled.facts }, 'finished the audit stream of a writer that died');
    return 'recovered';
  } finally {
    await attempt.lock.release();
  }
}
