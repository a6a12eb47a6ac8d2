import { logEvent } from '@sallyport/core';
import { listSegments } from '../segment/list-segments.ts';
import type { SegmentName } from '../segment/segment-name.ts';
import { errorText } from '../log/error-code.ts';
import { finishedEnd } from './finished-end.ts';
import { recoverStream, type RecoverStreamOptions } from './recover-stream.ts';

export type RecoverDirectoryOptions = Omit<RecoverStreamOptions, 'stream' | 'build' | 'wait' | 'signal'> & {
  /** Makes the records of a stream. */
  readonly builderOf: (stream: string) => RecoverStreamOptions['build'];
  /** Ends the watching of writers that can not be seen from here. */
  readonly signal: AbortSignal;
};

/**
 * Finishes every other stream of the directory whose writer is proved dead, and resolves then. Where that needs the lapse of a
 * heartbeat, it goes on in the background; the function it resolves to waits for the end of that.
 *
 * A stream that can not be finished is named in the log and left as it is: it must not keep this process from starting.
 */
export async function recoverDirectory(options: RecoverDirectoryOptions): Promise<() => Promise<void>> {
  const { directory, by, log, signal } = options;
  const last = await lastSegments(directory);
  last.delete(by);
  const watching: Promise<void>[] = [];
  for (const [stream, segment] of last) {
    if ((await attempt(stream, segment, false)) === 'uncertain')
      watching.push(attempt(stream, segment, true).then(() => undefined));
  }
  return () => Promise.all(watching).then(() => undefined);

  async function attempt(stream: string, segment: SegmentName, wait: boolean): Promise<string> {
    try {
      if ((await finishedEnd(directory, segment)) !== undefined) return 'nothing to do';
      return await recoverStream({ ...options, stream, build: options.builderOf(stream), wait, signal });
    } catch (error) {
      logEvent(log, 'sallyport.audit.foreign_failed', { directory, stream, error: errorText(error) });
      return 'failed';
    }
  }
}

async function lastSegments(directory: string): Promise<Map<string, SegmentName>> {
  const last = new Map<string, SegmentName>();
  for (const segment of await listSegments(directory)) last.set(segment.stream, segment);
  return last;
}
