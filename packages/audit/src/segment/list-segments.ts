import { readdir } from 'node:fs/promises';
import { parseSegmentName, type SegmentName } from './segment-name.ts';

/** The segments of a directory, ordered by stream and first sequence number. Rejects when the directory can not be read. */
export async function listSegments(directory: string, stream?: string): Promise<SegmentName[]> {
  const names = await readdir(directory);
  const segments: SegmentName[] = [];
  for (const name of names) {
    const segment = parseSegmentName(name);
    if (segment !== undefined && (stream === undefined || segment.stream === stream)) segments.push(segment);
  }
  return segments.sort(bySequence);
}

function bySequence(a: SegmentName, b: SegmentName): number {
  if (a.stream !== b.stream) return a.stream < b.stream ? -1 : 1;
  return a.firstSeq - b.firstSeq;
}
