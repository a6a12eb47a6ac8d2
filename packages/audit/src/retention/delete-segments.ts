import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { listEvidence } from '../checkpoint/evidence-files.ts';
import { listSegments } from '../segment/list-segments.ts';
import { syncDirectory } from '../segment/sync-directory.ts';

/**
 * Deletes what lies before a record: segments, oldest first and each durably, so that what is left has no hole at any time; what was
 * set apart of them; their frontiers; and their checkpoints but the last, which is what the frontier of the first kept segment can
 * be proved with. Gives the number of segments that went.
 *
 * Where a process dies on the way, the rest is deleted by the next run if it is still due then. Nothing in the directory orders a
 * deletion: a file that could would delete a log for whoever can put it there.
 */
export async function deleteBefore(directory: string, stream: string, from: number): Promise<number> {
  const segments = (await listSegments(directory, stream)).filter(({ firstSeq }) => firstSeq < from);
  const names = await readdir(directory);
  for (const { file } of segments) {
    for (const name of names) if (name.startsWith(`${file}.`)) await rm(join(directory, name), { force: true });
    await rm(join(directory, file), { force: true });
    await syncDirectory(directory);
  }
  for (const { file, firstSeq } of await listEvidence(directory, 'frontier', stream)) {
    if (firstSeq < from) await rm(join(directory, file), { force: true });
  }
  const checkpoints = (await listEvidence(directory, 'checkpoint', stream)).filter(({ firstSeq }) => firstSeq < from);
  for (const { file } of checkpoints.slice(0, -1)) await rm(join(directory, file), { force: true });
  await syncDirectory(directory);
  return segments.length;
}
