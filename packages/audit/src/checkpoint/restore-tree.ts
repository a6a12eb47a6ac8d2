import { join } from 'node:path';
import type { NoteVerifier } from '../note/verifier-key.ts';
import { readLines } from '../segment/read-lines.ts';
import type { SegmentName } from '../segment/segment-name.ts';
import { createTree, type Tree, type TreeFrontier } from '../tree/tree.ts';
import { frontierName, listEvidence } from './evidence-files.ts';
import { readFrontier } from './frontier-file.ts';
import { readCheckpoint, type SignedCheckpoint } from './read-checkpoint.ts';
import { TamperedError } from './tampered-error.ts';

export interface RestoreTreeOptions {
  readonly directory: string;
  readonly stream: string;
  /** In the order of their first numbers. */
  readonly segments: readonly SegmentName[];
  /** Sequence number of the next record. */
  readonly nextSeq: number;
  readonly verifiers: readonly NoteVerifier[];
}

export interface RestoredTree {
  /** Of the size `nextSeq`. */
  readonly tree: Tree;
  /** The newest checkpoint, whose root is that of the tree at its size; `undefined` for a log that never had one. */
  readonly checkpoint?: SignedCheckpoint;
}

/**
 * Computes the tree of a stream out of what is on disk, and compares it with the newest checkpoint. Reads the segments from the
 * frontier before that checkpoint on: of a log that was closed, the last one. A log without checkpoints is read as a whole.
 *
 * The leaves of a segment are as many of its lines as the next segment's first number says: what follows was never acknowledged.
 * Where lines are missing, and nothing was signed that says otherwise, each counts as an empty one.
 *
 * @throws TamperedError when the log has other records than were signed, or fewer.
 */
export async function restoreTree(options: RestoreTreeOptions): Promise<RestoredTree> {
  const { directory, stream, segments, nextSeq, verifiers } = options;
  const newest = (await listEvidence(directory, 'checkpoint', stream)).at(-1);
  if (newest === undefined) {
    const first = segments[0]?.firstSeq ?? 0;
    const tree = createTree(await frontierAt(directory, stream, first));
    await appendSegments(options, 0, tree);
    return { tree };
  }
  const path = join(directory, newest.file);
  const checkpoint = await readCheckpoint(path, verifiers);
  const { size } = checkpoint;
  if (size > nextSeq) {
    const problem = `${newest.file} was signed over ${size} records, but the log has only ${nextSeq}`;
    throw new TamperedError(path, problem);
  }
  const { index, frontier } = await startingPoint(options, size, path);
  const tree = createTree(frontier);
  await appendSegments(options, index, tree, { ...checkpoint, path });
  return { tree, checkpoint };
}

/** The last segment that begins within the checkpoint and has its frontier. */
async function startingPoint(
  options: RestoreTreeOptions,
  size: number,
  path: string,
): Promise<{ readonly index: number; readonly frontier: TreeFrontier | undefined }> {
  const { directory, stream, segments } = options;
  for (let index = segments.length - 1; index >= 0; index--) {
    const firstSeq = segments[index]?.firstSeq ?? 0;
    if (firstSeq > size) continue;
    const frontier = await frontierAt(directory, stream, firstSeq);
    if (frontier !== undefined || firstSeq === 0) return { index, frontier };
  }
  throw new TamperedError(path, 'the log has no segment and frontier that lead to its newest checkpoint');
}

async function frontierAt(directory: string, stream: string, firstSeq: number): Promise<TreeFrontier | undefined> {
  if (firstSeq === 0) return undefined;
  const frontier = await readFrontier(join(directory, frontierName(stream, firstSeq)));
  return frontier?.size === firstSeq ? frontier : undefined;
}

interface Signed {
  readonly size: number;
  readonly root: Uint8Array;
  readonly path: string;
}

async function appendSegments(
  { directory, segments, nextSeq }: RestoreTreeOptions,
  from: number,
  tree: Tree,
  signed?: Signed,
): Promise<void> {
  if (signed?.size === tree.size) requireRoot(tree, signed, signed.path);
  for (const [index, { file, firstSeq }] of segments.entries()) {
    if (index < from) continue;
    const path = join(directory, file);
    appendMissing(tree, firstSeq, signed, path);
    const end = segments[index + 1]?.firstSeq ?? nextSeq;
    if (tree.size < end) {
      for await (const lines of readLines(path)) {
        for (const line of lines) {
          if (tree.size >= end || !line.terminated) break;
          tree.appendLine(line.bytes);
          if (signed?.size === tree.size) requireRoot(tree, signed, path);
        }
        if (tree.size >= end) break;
      }
    }
    appendMissing(tree, end, signed, path);
  }
}

/** Up to `end`; records that are missing where something was signed are an attack and no accident. */
function appendMissing(tree: Tree, end: number, signed: Signed | undefined, path: string): void {
  if (tree.size >= end) return;
  if (signed !== undefined && tree.size < signed.size) {
    throw new TamperedError(path, `record ${tree.size} is missing, which was signed`);
  }
  tree.appendMissing(end - tree.size);
}

function requireRoot(tree: Tree, { size, root }: Signed, path: string): void {
  if (tree.root().equals(root)) return;
  throw new TamperedError(
    path,
    `records below ${size} are not those that were signed: the root of the tree is another one`,
  );
}
