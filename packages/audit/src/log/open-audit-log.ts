import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import {
  createKeyedHash,
  createRecordBuilder,
  noopObserver,
  SetupError,
  systemClock,
  type AuditEntry,
  type AuditLevel,
  type AuditLog,
  type AuditMode,
  type AuditRecord,
  type Clock,
  type Observer,
} from '@sallyport/core';
import { loadHashKey } from '../keys/hash-key.ts';
import { defaultLockTiming, type LockTiming } from '../lock/acquire-stream-lock.ts';
import { recoverDirectory } from '../recovery/recover-directory.ts';
import { settleStream } from '../recovery/settle-stream.ts';
import { packRecord } from '../segment/record-line.ts';
import { nodeSegmentFileSystem, type SegmentFileSystem } from '../segment/segment-file-system.ts';
import { isStreamName } from '../segment/segment-name.ts';
import { SegmentStore } from '../segment/segment-store.ts';
import { safeLogger, type AuditLogger } from './audit-logger.ts';
import { DurableAuditLog } from './durable-audit-log.ts';
import { errorText } from './error-code.ts';
import { prepareDirectory } from './prepare-directory.ts';
import { requireStreamLock } from './require-stream-lock.ts';

export interface OpenAuditLogOptions {
  /** Absolute path; made with mode 0700 when missing. */
  readonly directory: string;
  /** Name of this writer's log in the directory: letters, digits, `.`, `_`, `-`, at most 128. One process at a time. */
  readonly stream: string;
  /**
   * What happens to a call that can not be recorded. Default `strict`: it is refused. `available`: it goes on, and what is lost is
   * counted. `at-least-one` is the same as `strict` while there is one copy.
   */
  readonly mode?: AuditMode;
  /** What is recorded of arguments. Default `metadata`: keyed hashes only. */
  readonly level?: AuditLevel;
  /**
   * Key of the hashes in records, at least 32 bytes: raw bytes, or a string: hexadecimal when it consists of hexadecimal digits
   * alone, else Base64 or Base64url. Default: `hash-<stream>.key` in the directory, made when missing, with a warning.
   */
  readonly hashKey?: string | Uint8Array;
  readonly clock?: Clock;
  readonly log?: AuditLogger;
  readonly observer?: Observer;
  /** The disk; for tests that cause faults. */
  readonly fileSystem?: SegmentFileSystem;
}

/**
 * Opens the audit log of one stream: takes its lock, finishes what a dead writer of this or another stream of the directory left
 * open, and writes `audit.started`. While the lock belongs to a process that can not be seen from here, it waits for its
 * heartbeat, at most about 30 seconds.
 *
 * @throws SetupError `ERR_AUDIT_DIRECTORY` (can not be written), `ERR_AUDIT_LOCKED` (another process writes the stream),
 * `ERR_AUDIT_KEY` (no usable hash key), `ERR_AUDIT_DAMAGED` (the stream can not be read, so that nothing can follow it).
 * Damaged lines are no reason not to start: they stay as they are, and the log and the first record name them.
 */
export function openAuditLog(options: OpenAuditLogOptions): Promise<AuditLog> {
  return openAuditLogWith(options, defaultLockTiming);
}

/** The same with another rhythm of heartbeats, which must be the same for every process of a directory. */
export async function openAuditLogWith(options: OpenAuditLogOptions, timing: LockTiming): Promise<AuditLog> {
  const { directory, stream, mode = 'strict', clock = systemClock, observer = noopObserver } = options;
  const log = safeLogger(options.log);
  requireStreamName(stream);
  await prepareDirectory(directory, log);
  const lock = await requireStreamLock(directory, stream, timing, log);
  try {
    const builderOf = await prepareBuilders(options, clock, log);
    const build = builderOf(stream);
    const store = await beginStream(options, mode, build, log, lock.confirm.bind(lock));
    const stop = new AbortController();
    const watched = await recoverDirectory({ directory, by: stream, builderOf, log, signal: stop.signal, timing });
    const audit = new DurableAuditLog({ stream, mode, store, lock, build, clock, log, observer });
    return {
      append: (entry, appendOptions) => audit.append(entry, appendOptions),
      status: () => audit.status(),
      async close() {
        stop.abort();
        await watched();
        await audit.close();
      },
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

type Build = (entry: AuditEntry) => AuditRecord;

async function prepareBuilders(
  options: OpenAuditLogOptions,
  clock: Clock,
  log: AuditLogger,
): Promise<(stream: string) => Build> {
  const { directory, stream, level = 'metadata' } = options;
  const { key, origin, file } = await loadHashKey(directory, stream, options.hashKey);
  if (origin === 'generated') {
    log.warn(
      { file },
      'made a new hash key beside the audit log; keep it safe or set audit.hashKey: without it no hash can be looked up',
    );
  }
  const hash = createKeyedHash(key);
  const boot = randomUUID();
  return (name) => {
    const builder = createRecordBuilder({ stream: name, hash, level, clock, boot });
    // The number is given when the record is written.
    return (entry) => builder.build(entry, 0);
  };
}

/** Goes on where the last writer ended: its open attempts and the new start become durable in one step. */
async function beginStream(
  options: OpenAuditLogOptions,
  mode: AuditMode,
  build: Build,
  log: AuditLogger,
  mayWrite: () => Promise<void> | undefined,
): Promise<SegmentStore> {
  const { directory, stream, level = 'metadata', fileSystem = nodeSegmentFileSystem } = options;
  const settled = await settleStream(directory, stream).catch((cause: unknown) => {
    throw new SetupError({
      code: 'ERR_AUDIT_DAMAGED',
      file: directory,
      field: 'audit.stream',
      problem: `the stream ${stream} can not be read (${errorText(cause)})`,
      remedy: 'make its files readable, or keep them elsewhere and start another stream',
      cause,
    });
  });
  if (settled.damaged > 0) {
    log.error(
      { directory, stream, ...settled.facts },
      'ERR_AUDIT_DAMAGED: the audit log has lines that are no records; they are kept as they are',
    );
  } else if (!settled.finished) {
    log.warn(
      { directory, stream, ...settled.facts },
      'the last writer of the audit log did not close it; what it left open is recorded as aborted',
    );
  }
  const facts = { ...settled.facts, pid: process.pid, node: process.version, mode, level };
  const entries: AuditEntry[] = [{ type: 'audit.started', detail: facts }, ...settled.closing];
  const store = new SegmentStore({ directory, stream, nextSeq: settled.nextSeq, fileSystem });
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
  log.info({ directory, stream, file: store.current, mode, level }, 'opened the audit log');
  return store;
}

function requireStreamName(stream: string): void {
  if (isStreamName(stream)) return;
  throw new SetupError({
    code: 'ERR_AUDIT_DIRECTORY',
    field: 'audit.stream',
    problem: 'the name of the stream can not be part of a file name',
    remedy: 'use up to 128 letters, digits, dots, underscores and hyphens, beginning with a letter or digit',
  });
}
