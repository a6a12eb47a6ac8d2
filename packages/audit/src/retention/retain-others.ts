import type { Clock } from '@sallyport/core';
import { errorText } from '../log/error-code.ts';
import { finishedEnd } from '../recovery/finished-end.ts';
import type { RecoverDirectoryOptions } from '../recovery/recover-directory.ts';
import { recoverStream } from '../recovery/recover-stream.ts';
import { listSegments } from '../segment/list-segments.ts';
import type { SegmentName } from '../segment/segment-name.ts';
import { agedSegments } from './aged-segments.ts';
import { deleteBefore, markDeletion, markedDeletion } from './delete-segments.ts';
import { neededByExports } from './needed-records.ts';
import { retainFrom, type RetentionPolicy } from './retention-policy.ts';
import { retentionEntry } from './retention.ts';
import { signedUpTo } from './signed-up-to.ts';

export type RetainOthersOptions = RecoverDirectoryOptions & { readonly policy: RetentionPolicy; readonly clock: Clock };

/**
 * Deletes old segments of the finished streams of writers that are gone: nobody else would. What is deleted is recorded in the
 * stream before, so that each keeps at least one segment. Never rejects.
 */
export async function retainOthers(options: RetainOthersOptions): Promise<void> {
  const { directory, by, log } = options;
  try {
    const last = new Map<string, SegmentName>();
    for (const segment of await listSegments(directory)) last.set(segment.stream, segment);
    last.delete(by);
    for (const [stream, segment] of last) {
      if ((await finishedEnd(directory, segment)) !== undefined) await retainOne(stream, options);
    }
  } catch (error) {
    log.warn({ directory, error: errorText(error) }, 'old segments of other audit streams can not be deleted');
  }
}

async function retainOne(stream: string, options: RetainOthersOptions): Promise<void> {
  const { directory, policy, clock, log } = options;
  const from = await dueFrom(directory, stream, policy, clock.now());
  if (from === 0) return;
  const result = await recoverStream({
    ...options,
    stream,
    build: options.builderOf(stream),
    wait: false,
    notes: [retentionEntry(from, policy)],
    before: () => markDeletion(directory, stream, from),
  });
  if (result !== 'recovered') return;
  const segments = await deleteBefore(directory, stream, from);
  log.info(
    { directory, stream, segments, retainedFrom: from },
    'deleted old segments of the audit stream of another writer',
  );
}

async function dueFrom(directory: string, stream: string, policy: RetentionPolicy, nowMs: number): Promise<number> {
  const marked = await markedDeletion(directory, stream);
  const need = await neededByExports(directory, stream);
  const neededFrom = Math.min(need?.from ?? Number.MAX_SAFE_INTEGER, await signedUpTo(directory, stream));
  const due = retainFrom(policy, await agedSegments(directory, stream), { nowMs, neededFrom });
  return Math.max(marked ?? 0, due ?? 0);
}
