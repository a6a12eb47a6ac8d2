import { resolve } from 'node:path';
import {
  noopObserver,
  type Observer,
  type OperationalLogger,
  SetupError,
  silentLogger,
  systemClock,
} from '@sallyport/core';
import { Anchors } from '../anchor/anchors.ts';
import { createAnchor } from '../anchor/create-anchor.ts';
import { prepareEvidence, type PrepareEvidence } from '../checkpoint/prepare-evidence.ts';
import { requireKeyName } from '../keys/key-name.ts';
import { defaultLockTiming, type LockTiming } from '../lock/acquire-stream-lock.ts';
import { Maintenance } from '../retention/maintenance.ts';
import type { RetentionPolicy } from '../retention/retention-policy.ts';
import { Retention, type RetentionOptions, type Written } from '../retention/retention.ts';
import { defaultRotatePolicy } from '../segment/rotate-policy.ts';
import { nodeSegmentFileSystem, type SegmentFileSystem } from '../segment/segment-file-system.ts';
import { isStreamName, parseSegmentName } from '../segment/segment-name.ts';
import { timedFileSystem } from '../segment/timed-file-system.ts';
import { CopyStore } from './copy-store.ts';
import { CopyWriter, type CopyName } from './copy-writer.ts';
import { DurableAuditLog } from './durable-audit-log.ts';
import { openCopies } from './open-copies.ts';
import { openCopy } from './open-copy.ts';
import type { OpenAuditLogOptions } from './open-audit-log-options.ts';
import { createBuilders } from './record-builders.ts';
import type { SegmentedAuditLog, SegmentedCopy } from './segmented-audit-log.ts';

/** So long a close waits for anchors. */
const anchorCloseMs = 5000;

/**
 * Opens the audit log of one stream, and its mirror: takes its lock, finishes what a dead writer of this or another stream of the directory left
 * open, and writes `audit.started`. While the lock belongs to a process that can not be seen from here, it waits for its
 * heartbeat, at most about 30 seconds.
 *
 * @throws SetupError `ERR_AUDIT_DIRECTORY` (can not be written), `ERR_AUDIT_LOCKED` (another process writes the stream),
 * `ERR_AUDIT_KEY` (no usable hash key or signing key), `ERR_AUDIT_DAMAGED` (the stream can not be read, so that nothing can
 * follow it), `ERR_AUDIT_TAMPERED` (it is not what was signed; in mode `available` it goes on, and nothing is signed any more).
 * Damaged lines are no reason not to start: they stay as they are, and the log and the first record name them.
 */
export function openAuditLog(options: OpenAuditLogOptions): Promise<SegmentedAuditLog> {
  return openAuditLogWith(options, defaultLockTiming);
}

/** The same with another rhythm of heartbeats, which must be the same for every process of a directory. */
export async function openAuditLogWith(options: OpenAuditLogOptions, timing: LockTiming): Promise<SegmentedAuditLog> {
  const {
    directory,
    stream,
    mode = 'strict',
    level = 'metadata',
    clock = systemClock,
    observer = noopObserver,
  } = options;
  const log = options.log ?? silentLogger;
  requireStreamName(stream);
  requireOtherDirectory(options);
  const anchors = new Anchors(await Promise.all((options.anchors ?? []).map(createAnchor)), { log, observer });
  const stop = new AbortController();
  const prepare = createBuilders({ ...options, level, clock, log });
  const { retention = {}, exports = [], recoverOthers = true } = options;
  const rotate = { ...defaultRotatePolicy, ...options.rotate };
  const unopened = placesOf(options, observer).map(({ name, directory: at, fileSystem }) => {
    const evidenceOf = evidenceFor({ ...options, directory: at, fileSystem }, name, anchors, log, observer);
    const place = { directory: at, stream, mode, level, fileSystem, rotate, retention, exports, clock, recoverOthers };
    const open = openCopy({ ...place, builders: prepare, evidenceOf, timing, log, signal: stop.signal });
    return { name, directory: at, store: new CopyStore(open) };
  });
  const started = await openCopies(unopened, mode);
  const { directory: ready = directory } = started.find(({ failure }) => failure === undefined) ?? {};
  const { build, buildInSteps } = (await prepare(ready)).of(stream);
  const copies = started.map((copy) => new CopyWriter({ ...copy, stream, build, clock, log, observer }));
  const maintained = copies.map((copy, index) => {
    const at = started[index]?.directory ?? directory;
    return new Maintenance(copy, retentionOf(retention, { copy, directory: at, stream, exports, clock, log }));
  });
  const audit = new DurableAuditLog({ mode, copies, build: buildInSteps, clock, observer });
  return {
    directory,
    stream,
    ...(options.mirror !== undefined && { mirror: segmentsOf(options.mirror, copies[1]) }),
    get firstSeq() {
      return copies[0]?.store.opened?.store.firstSeq ?? 0;
    },
    confirmed: () => copies[0]?.store.opened?.store.nextSeq ?? 0,
    append: (entry, appendOptions) => audit.append(entry, appendOptions),
    status() {
      const status = audit.status();
      // An anchor that is behind keeps no call from running.
      const problem = status.problem ?? anchors.problem;
      return problem === undefined ? status : { ...status, problem };
    },
    async close() {
      stop.abort();
      await Promise.all(maintained.map((maintenance) => maintenance.stop()));
      await audit.close();
      await anchors.close(anchorCloseMs);
    },
  };
}

function segmentsOf(directory: string, copy: CopyWriter | undefined): SegmentedCopy {
  return {
    directory,
    get firstSeq() {
      return copy?.store.opened?.store.firstSeq ?? 0;
    },
    confirmed: () => copy?.store.opened?.store.nextSeq ?? 0,
  };
}

function retentionOf(
  policy: RetentionPolicy,
  { copy, ...rest }: Omit<RetentionOptions, 'policy' | 'record' | 'written'> & { readonly copy: CopyWriter },
): Retention {
  const written = (): Written => {
    const { store, evidence } = copy.store.opened ?? {};
    const openFrom = parseSegmentName(store?.current ?? '')?.firstSeq ?? 0;
    return { checkpointed: evidence?.checkpointed ?? 0, openFrom, end: store?.nextSeq ?? 0 };
  };
  return new Retention({ ...rest, policy, written, record: (entry) => copy.record(entry) });
}

interface Place {
  readonly name: CopyName;
  readonly directory: string;
  readonly fileSystem: SegmentFileSystem;
}

function placesOf(options: OpenAuditLogOptions, observer: Observer): Place[] {
  const { directory, mirror, fileSystem = nodeSegmentFileSystem, mirrorFileSystem = nodeSegmentFileSystem } = options;
  const log: Place = { name: 'log', directory, fileSystem: timedFileSystem(fileSystem, observer) };
  return mirror === undefined ? [log] : [log, { name: 'mirror', directory: mirror, fileSystem: mirrorFileSystem }];
}

function evidenceFor(
  options: OpenAuditLogOptions,
  place: CopyName,
  anchors: Anchors,
  log: OperationalLogger,
  observer: Observer,
): PrepareEvidence {
  return (stream, more) =>
    prepareEvidence({
      ...options,
      stream,
      name: requireKeyName(options.origin, stream, place === 'mirror'),
      log,
      observer,
      anchorFiles: anchorFilesOf(options),
      publish: (name, note, size) => anchors.offer(name, note, size),
      ...more,
    });
}

function anchorFilesOf({ anchors = [] }: OpenAuditLogOptions): string[] {
  return anchors.flatMap((anchor) => ('type' in anchor && anchor.type === 'file' ? [anchor.path] : []));
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

function requireOtherDirectory({ directory, mirror }: OpenAuditLogOptions): void {
  if (mirror === undefined || resolve(mirror) !== resolve(directory)) return;
  throw new SetupError({
    code: 'ERR_AUDIT_DIRECTORY',
    file: mirror,
    field: 'audit.mirror',
    problem: 'the mirror is the directory of the log itself',
    remedy: 'give a directory on another disk, or remove it',
  });
}
