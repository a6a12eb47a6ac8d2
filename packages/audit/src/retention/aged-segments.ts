import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { lastRecord } from '../recovery/finished-end.ts';
import { listSegments } from '../segment/list-segments.ts';
import type { AgedSegment } from './retention-policy.ts';

/** The segments of a stream with their sizes and ages. Of two times that a file has, the later one counts. */
export async function agedSegments(directory: string, stream: string): Promise<AgedSegment[]> {
  const aged: AgedSegment[] = [];
  for (const { file, firstSeq } of await listSegments(directory, stream)) {
    const path = join(directory, file);
    const { size, mtimeMs } = await stat(path);
    const recordedMs = Date.parse((await lastRecord(path))?.at ?? '');
    aged.push({ firstSeq, bytes: size, endedAtMs: Math.max(mtimeMs, Number.isNaN(recordedMs) ? 0 : recordedMs) });
  }
  return aged;
}
