import { type AuditEntry, type AuditRecord, logEvent, type OperationalLogger } from '@sallyport/core';
import type { PrepareEvidence } from '../checkpoint/prepare-evidence.ts';
import { acquireStreamLock, type LockTiming } from '../lock/acquire-stream-lock.ts';
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
  readonly evidenceOf: PrepareEvidence;
  readonly log: OperationalLogger;
  /** Whether to wait for the heartbeat of a holder that can not be seen from here. */
  readonly wait: boolean;
  readonly signal?: AbortSignal;
  readonly timing: LockTiming;
  /** What else is to be recorded in the stream, also when it is finished. Default: nothing. */
  readonly notes?: readonly AuditEntry[];
}

/** `uncertain`: whether the writer lives could not be told without waiting. */
export type RecoveryResult = 'recovered' | 'nothing to do' | 'alive' | 'uncertain';

/**
 * Finishes the stream of a dead writer: a new segment of that stream ends every attempt it left open as `aborted`.
 */
export async function recoverStream(options: RecoverStreamOptions): Promise<RecoveryResult> {
  const { directory, stream, by, build, evidenceOf, log, wait, signal, timing } = options;
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
    const { lock } = attempt;
    const prepared = await evidenceOf(stream, { mayWrite: () => lock.confirm(), tolerant: false, keep: true });
    const settled = await settleStream(directory, stream, prepared.check);
    const { notes = [] } = options;
    // Nothing may follow a signed end that this process can not sign as well.
    if (settled.finished && (notes.length === 0 || !prepared.signs)) return 'nothing to do';
    const entries: AuditEntry[] = [
      { type: 'audit.started', detail: { ...settled.facts, ...prepared.facts(), pid: process.pid, recoveredBy: by } },
      ...settled.closing,
      ...prepared.entries,
      ...notes,
      { type: 'audit.stopped', detail: { open: 0, recoveredBy: by } },
    ];
    const { nextSeq } = settled;
    const evidence = prepared.begin();
    const requireHeld = lock.requireHeld.bind(lock);
    const place = { directory, stream, nextSeq, fileSystem: nodeSegmentFileSystem };
    const store = new SegmentStore({ ...place, evidence, requireHeld });
    await lock.confirm();
    await store.begin(entries.map((entry) => packRecord(build(entry))));
    await store.close();
    await evidence.start();
    await evidence.close();
    if (!settled.finished) logEvent(log, 'sallyport.audit.foreign_finished', { directory, stream, ...settled.facts });
    return 'recovered';
  } finally {
    await attempt.lock.release();
  }
}
