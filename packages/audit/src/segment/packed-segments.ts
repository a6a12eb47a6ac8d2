import { readdir } from 'node:fs/promises';
import { parseSegmentName, type SegmentName } from './segment-name.ts';

const packedPattern = /^(audit-.+-[0-9]{20}\.jsonl)\.(?!torn(?:\.|$)|new$)./;

/** What is said of such a file. */
export const packedProblem = 'the segment is compressed, or renamed, and was not read: unpack it under its old name';

/**
 * Segments that somebody compressed or renamed (`….jsonl.gz`) and that no other file tells of: they are the end of their stream, or all
 * of it. One in between is missing from the numbers of the records; one before the beginning may be what retention let go.
 */
export async function packedSegments(directory: string, stream?: string): Promise<SegmentName[]> {
  const last = new Map<string, number>();
  const packed: SegmentName[] = [];
  for (const file of (await readdir(directory)).sort()) {
    const segment = parseSegmentName(file);
    if (segment !== undefined) {
      last.set(segment.stream, Math.max(last.get(segment.stream) ?? -1, segment.firstSeq));
      continue;
    }
    const name = parseSegmentName(packedPattern.exec(file)?.[1] ?? '');
    if (name !== undefined && (stream === undefined || name.stream === stream)) packed.push({ ...name, file });
  }
  return packed.filter((one) => one.firstSeq > (last.get(one.stream) ?? -1));
}
