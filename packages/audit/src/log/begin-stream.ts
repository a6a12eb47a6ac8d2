import { join } from 'node:path';
import {
  type AuditEntry,
  type AuditLevel,
  type AuditMode,
  type AuditRecord,
  logEvent,
  type OperationalLogger,
  SetupError,
} from '@sallyport/core';
import type { EvidenceStart, StartedEvidence } from '../checkpoint/prepare-evidence.ts';
import { settleStream, type SettledStream } from '../recovery/settle-stream.ts';
import { packRecord } from '../segment/record-line.ts';
import type { RotatePolicy } from '../segment/rotate-policy.ts';
import type { SegmentFileSystem } from '../segment/segment-file-system.ts';
import { SegmentStore } from '../segment/segment-store.ts';
import { errorText } from './error-code.ts';

export interface BeginStreamOptions {
  readonly directory: string;
  readonly stream: string;
  readonly mode: AuditMode;
  readonly level: AuditLevel;
  readonly build: (entry: AuditEntry) => AuditRecord;
  readonly fileSystem: SegmentFileSystem;
  readonly log: OperationalLogger;
  /** Rejects when this process may no longer write to the stream; `undefined` when there is no doubt. */
  readonly mayWrite: () => Promise<void> | undefined;
  /** Throws when it may not, by a look at the lock file. */
  readonly requireHeld: () => void;
  readonly evidence: EvidenceStart;
  readonly rotate: RotatePolicy;
  /** What the first segment says beyond the start. */
  readonly entries: readonly AuditEntry[];
}

export interface BegunStream {
  /** Its first segment is open. */
  readonly store: SegmentStore;
  /** Has signed its first checkpoint, or says why not. */
  readonly evidence: StartedEvidence;
}

/** Goes on where the last writer ended: its open attempts and the new start become durable in one step. */
export async function beginStream(options: BeginStreamOptions): Promise<BegunStream> {
  const { directory, stream, mode, level, build, fileSystem, rotate, log, mayWrite, requireHeld } = options;
  const settled = await settle(options);
  sayWhatWasFound(options, settled);
  const facts = { ...settled.facts, ...options.evidence.facts(), pid: process.pid, node: process.version, mode, level };
  const entries: AuditEntry[] = [
    { type: 'audit.started', detail: facts },
    ...settled.closing,
    ...options.evidence.entries,
    ...options.entries,
  ];
  const evidence = options.evidence.begin();
  const store = new SegmentStore({
    directory,
    stream,
    nextSeq: settled.nextSeq,
    fileSystem,
    rotate,
    evidence,
    requireHeld,
  });
  try {
    await mayWrite();
    await store.begin(entries.map((entry) => packRecord(build(entry))));
  } catch (cause) {
    throw new SetupError({
      code: 'ERR_AUDIT_DIRECTORY',
      file: join(directory, `audit-${stream}-*.jsonl`),
      field: 'audit.directory',
      problem: `a new segment can not be written (${errorText(cause)})`,
      remedy: 'make room and make the directory writable',
      cause,
    });
  }
  await evidence.start();
  logEvent(log, 'sallyport.audit.opened', { directory, stream, file: store.current, mode, auditLevel: level });
  return { store, evidence };
}

function settle({ directory, stream, evidence }: BeginStreamOptions): Promise<SettledStream> {
  return settleStream(directory, stream, evidence.check).catch((cause: unknown) => {
    if (cause instanceof SetupError) throw cause;
    throw new SetupError({
      code: 'ERR_AUDIT_DAMAGED',
      file: directory,
      field: 'audit.stream',
      problem: `the stream ${stream} can not be read (${errorText(cause)})`,
      remedy: 'make its files readable, or keep them elsewhere and start another stream',
      cause,
    });
  });
}

function sayWhatWasFound({ directory, stream, log }: BeginStreamOptions, settled: SettledStream): void {
  const facts = { directory, stream, ...settled.facts };
  if (settled.damaged > 0) logEvent(log, 'sallyport.audit.damaged', facts);
  else if (!settled.finished) logEvent(log, 'sallyport.audit.unclosed', facts);
}
