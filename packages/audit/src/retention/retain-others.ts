import { type Clock, logEvent } from '@sallyport/core';
import { errorText } from '../log/error-code.ts';
import { finishedEnd } from '../recovery/finished-end.ts';
import type { RecoverDirectoryOptions } from '../recovery/recover-directory.ts';
import { recoverStream } from '../recovery/recover-stream.ts';
import { listSegments } from '../segment/list-segments.ts';
import type { SegmentName } from '../segment/segment-name.ts';
import { agedSegments } from './aged-segments.ts';
import { deleteBefore } from './delete-segments.ts';
import { neededByExports } from './needed-records.ts';
import { deletes, retainFrom, type RetentionPolicy } from './retention-policy.ts';
import { retentionEntry } from './retention.ts';
import { signedUpTo } from './signed-up-to.ts';

export type RetainOthersOptions = RecoverDirectoryOptions & {
  readonly policy: RetentionPolicy;
  /** Names of the exports of the configuration: they send the streams of other writers too. */
  readonly exports: readonly string[];
  readonly clock: Clock;
};

/**
 * Deletes old segments of the finished streams of writers that are gone: nobody else would. What is deleted is recorded in the
 * stream before, so that each keeps at least one segment. Never rejects.
 */
export async function retainOthers(options: RetainOthersOptions): Promise<void> {
  const { directory, by, log, policy } = options;
  if (!deletes(policy)) return;
  try {
    const last = new Map<string, SegmentName>();
    for (const segment of await listSegments(directory)) last.set(segment.stream, segment);
    last.delete(by);
    for (const [stream, segment] of last) {
      const end = await finishedEnd(directory, segment).catch(() => undefined);
      if (end !== undefined) await retainOne(stream, end.seq + 1, options);
    }
  } catch (error) {
    logEvent(log, 'sallyport.audit.retention_failed', { directory, error: errorText(error) });
  }
}

async function retainOne(stream: string, end: number, options: RetainOthersOptions): Promise<void> {
  const { directory, policy, log } = options;
  const from = await dueFrom(stream, end, options);
  if (from === undefined) return;
  const result = await recoverStream({
    ...options,
    stream,
    build: options.builderOf(stream),
    wait: false,
    notes: [retentionEntry(from, policy)],
  });
  if (result !== 'recovered') return;
  const segments = await deleteBefore(directory, stream, from);
  logEvent(log, 'sallyport.audit.retention_deleted', { directory, stream, segments, retainedFrom: from });
}

async function dueFrom(stream: string, end: number, options: RetainOthersOptions): Promise<number | undefined> {
  const { directory, policy, exports, clock } = options;
  const need = await neededByExports({ directory, stream, exports, end: () => end });
  const neededFrom = Math.min(need?.from ?? end, await signedUpTo(directory, stream), end);
  return retainFrom(policy, await agedSegments(directory, stream), { nowMs: clock.now(), neededFrom });
}
