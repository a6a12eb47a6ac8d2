import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { listEvidence } from '../checkpoint/evidence-files.ts';
import { writeDurable } from '../files/write-durable.ts';
import { listSegments } from '../segment/list-segments.ts';
import { nodeSegmentFileSystem } from '../segment/segment-file-system.ts';
import { parseSegmentName, segmentName } from '../segment/segment-name.ts';
import { syncDirectory } from '../segment/sync-directory.ts';

const markEnding = '.retention';

/**
 * Marks the first segment to be kept, durably: `<segment>.retention`. A process that dies while it deletes leaves the mark, and the
 * next one goes on.
 */
export async function markDeletion(directory: string, stream: string, from: number): Promise<void> {
  const mark = join(directory, `${segmentName(stream, from).file}${markEnding}`);
  await writeDurable(mark, `${JSON.stringify({ v: 1, retainedFrom: from })}\n`, nodeSegmentFileSystem);
}

/** The number that a deletion was marked with which has not come to its end. */
export async function markedDeletion(directory: string, stream: string): Promise<number | undefined> {
  let from: number | undefined;
  for (const name of await readdir(directory)) {
    if (!name.endsWith(markEnding)) continue;
    const segment = parseSegmentName(name.slice(0, -markEnding.length));
    if (segment?.stream === stream) from = Math.max(from ?? 0, segment.firstSeq);
  }
  return from;
}

/**
 * Deletes what lies before a record: segments, oldest first, so that what is left has no hole at any time; what was set apart of
 * them; their frontiers; and their checkpoints but the last, which is what the frontier of the first kept segment can be proved with.
 * Removes the mark. Gives the number of segments that went.
 */
export async function deleteBefore(directory: string, stream: string, from: number): Promise<number> {
  const segments = (await listSegments(directory, stream)).filter(({ firstSeq }) => firstSeq < from);
  const names = await readdir(directory);
  for (const { file } of segments) {
    for (const name of names) if (name.startsWith(`${file}.`)) await rm(join(directory, name), { force: true });
    await rm(join(directory, file), { force: true });
  }
  for (const { file, firstSeq } of await listEvidence(directory, 'frontier', stream)) {
    if (firstSeq < from) await rm(join(directory, file), { force: true });
  }
  const checkpoints = (await listEvidence(directory, 'checkpoint', stream)).filter(({ firstSeq }) => firstSeq < from);
  for (const { file } of checkpoints.slice(0, -1)) await rm(join(directory, file), { force: true });
  await syncDirectory(directory);
  for (const name of await readdir(directory)) {
    const segment = name.endsWith(markEnding) ? parseSegmentName(name.slice(0, -markEnding.length)) : undefined;
    if (segment?.stream === stream && segment.firstSeq <= from) await rm(join(directory, name), { force: true });
  }
  return segments.length;
}
