import { readdir } from 'node:fs/promises';
import {
  type Clock,
  logEvent,
  noopObserver,
  type Observer,
  type ObserverEvent,
  type OperationalLogger,
  silentLogger,
  systemClock,
  tell,
} from '@sallyport/core';
import { defaultLockTiming } from '../lock/acquire-stream-lock.ts';
import type { SegmentedAuditLog } from '../log/segmented-audit-log.ts';
import { isExportName, parseCursorName } from './export-files.ts';
import type { ExportContext } from './export-one-stream.ts';
import { defaultExportTiming, type ExportTiming } from './export-timing.ts';
import { Lags } from './lags.ts';
import { copyLive } from './live/copy-live.ts';
import type { LiveLogger } from './live/live-logger.ts';
import { Pause } from './pause.ts';
import { runTarget, type ExportTarget } from './run-target.ts';
import type { ExportLag } from './stream-exporter.ts';

export interface StartAuditExportOptions {
  /** The log, as `openAuditLog` opened it. */
  readonly audit: SegmentedAuditLog;
  readonly exports: readonly ExportTarget[];
  /**
   * A logger of the host's OpenTelemetry that gets a copy of every record from this start on: best effort, with no cursor and no
   * retry, and never instead of anything. It is only ever handed in, never looked up.
   */
  readonly logger?: LiveLogger;
  readonly log?: OperationalLogger;
  readonly observer?: Observer;
  readonly clock?: Clock;
}

/** How far behind a receiver is, over all streams that this process exports to it. */
export interface ExportStatus extends ExportLag {
  readonly name: string;
}

/** Exports that run. */
export interface AuditExport {
  status(): readonly ExportStatus[];
  /**
   * Sends what is there, at most for `timeoutMs`, default 5,000, then stops. Call it after `close` of the log, so that its last
   * records leave too. What is left is sent by the next start. Resolves to true when nothing was left.
   */
  close(options?: { readonly timeoutMs?: number }): Promise<boolean>;
}

/**
 * Sends the records of a log to receivers, at least once each: those of the stream that this process writes, and those of finished
 * streams in the directory whose writers are gone. A receiver that is slow or down stops neither the log nor another receiver.
 *
 * @throws TypeError for a name that can not be part of a file name, and for one that is there twice
 */
export function startAuditExport(options: StartAuditExportOptions): AuditExport {
  return startAuditExportWith(options, defaultExportTiming);
}

/** The same in another rhythm. */
export function startAuditExportWith(options: StartAuditExportOptions, timing: ExportTiming): AuditExport {
  const { audit, exports, logger, observer = noopObserver, clock = systemClock } = options;
  requireNames(exports.map(({ name }) => name));
  const { directory, stream } = audit;
  const stop = new AbortController();
  const log = options.log ?? silentLogger;
  const emit = (event: ObserverEvent): void => tell(observer, event);
  const pause = new Pause();
  const context: ExportContext = { directory, timing, lockTiming: defaultLockTiming, pause, clock, log, emit };
  const lags = new Lags(exports.map(({ name }) => name));
  const report = (): void => {
    for (const { name, ...lag } of lags.list()) emit({ type: 'audit.export_lag', export: name, ...lag });
  };
  const running = exports.map((target) => runTarget(target, audit, lags, context, stop.signal));
  if (logger !== undefined) running.push(copyLive({ audit, logger, ...context }, stop.signal));
  const reporting = setInterval(report, timing.lagMs);
  reporting.unref();
  void warnOfStrangers(context, stream, new Set(exports.map(({ name }) => name)));

  let closed: Promise<boolean> | undefined;
  const close = async (timeoutMs: number): Promise<boolean> => {
    pause.hurry();
    const timer = setTimeout(() => stop.abort(), timeoutMs);
    const complete = (await Promise.all(running)).every(Boolean);
    clearTimeout(timer);
    clearInterval(reporting);
    stop.abort();
    await Promise.all(exports.map(async ({ sink }) => sink.close?.()));
    report();
    if (!complete) logEvent(log, 'sallyport.audit.export.incomplete', { stream, left: lags.list() });
    return complete;
  };
  return {
    status: () => lags.list(),
    close: ({ timeoutMs = 5000 } = {}) => (closed ??= close(timeoutMs)),
  };
}

function requireNames(names: readonly string[]): void {
  for (const [index, name] of names.entries()) {
    if (!isExportName(name))
      throw new TypeError(`the name of an export is 1 to 32 of a-z, 0-9 and _, not ${JSON.stringify(name)}`);
    if (names.indexOf(name) < index) throw new TypeError(`two exports are called ${name}`);
  }
}

/** A cursor that nobody moves any more holds back retention for good. */
async function warnOfStrangers(
  { directory, log }: ExportContext,
  stream: string,
  names: ReadonlySet<string>,
): Promise<void> {
  for (const file of await readdir(directory).catch(() => [])) {
    const cursor = parseCursorName(file);
    if (cursor === undefined || cursor.stream !== stream || names.has(cursor.name)) continue;
    logEvent(log, 'sallyport.audit.export.cursor_unclaimed', { directory, file });
  }
}
