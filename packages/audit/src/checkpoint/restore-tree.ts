import { join } from 'node:path';
import type { NoteVerifier } from '../note/verifier-key.ts';
import { parseRecord } from '../segment/parse-record.ts';
import { readLines } from '../segment/read-lines.ts';
import type { SegmentName } from '../segment/segment-name.ts';
import { createTree, type Tree, type TreeFrontier } from '../tree/tree.ts';
import { openedExtension } from './checkpoint-body.ts';
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
  /** The newest checkpoint that is held outside. */
  readonly anchored?: AnchoredCheckpoint;
}

export interface RestoredTree {
  /** Of the size `nextSeq`. */
  readonly tree: Tree;
  /** The newest checkpoint, whose root is that of the tree at its size; `undefined` for a log that never had one. */
  readonly checkpoint?: SignedCheckpoint;
  /** Records behind that checkpoint: nobody signed them. */
  readonly unsigned?: UnsignedRange;
}

/** Records `from` to `to - 1`. */
export interface UnsignedRange {
  readonly from: number;
  readonly to: number;
}

/** A checkpoint that was held outside. */
export interface AnchoredCheckpoint {
  readonly size: number;
  readonly root: Uint8Array;
  /** Where it is held. */
  readonly path: string;
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
  const { directory, stream, segments, nextSeq, verifiers, anchored } = options;
  if (anchored !== undefined && anchored.size > nextSeq) {
    const problem = `${anchored.size} records are anchored there, but the log has only ${nextSeq}`;
    throw new TamperedError(anchored.path, problem);
  }
  const newest = (await listEvidence(directory, 'checkpoint', stream)).at(-1);
  const held = anchored === undefined ? [] : [anchored];
  if (newest === undefined) {
    const first = segments[0]?.firstSeq ?? 0;
    const tree = createTree(await frontierAt(directory, stream, first));
    await appendSegments(options, 0, tree, held);
    return { tree, ...(first < nextSeq && { unsigned: { from: first, to: nextSeq } }) };
  }
  const path = join(directory, newest.file);
  const checkpoint = await readCheckpoint(path, verifiers);
  const { size } = checkpoint;
  if (size > nextSeq) {
    const problem = `${newest.file} was signed over ${size} records, but the log has only ${nextSeq}`;
    throw new TamperedError(path, problem);
  }
  const { index, frontier } = await startingPoint(options, Math.min(size, anchored?.size ?? size)).catch(() =>
    startingPoint(options, size, path),
  );
  const tree = createTree(frontier);
  const end = await appendSegments(options, index, tree, [{ ...checkpoint, path }, ...held]);
  if (size === nextSeq) return { tree, checkpoint };
  if (end === 'audit.stopped' && checkpoint.extensions?.includes(openedExtension) !== true) {
    const problem = `records from ${size} on follow the end of the log that ${newest.file} was signed over`;
    throw new TamperedError(join(directory, segments.at(-1)?.file ?? newest.file), problem);
  }
  return { tree, checkpoint, unsigned: { from: size, to: nextSeq } };
}

/** The last segment that begins within the checkpoint and has its frontier; one that holds the last record of it, where there is one. */
async function startingPoint(
  options: RestoreTreeOptions,
  size: number,
  path = options.directory,
): Promise<{ readonly index: number; readonly frontier: TreeFrontier | undefined }> {
  const { directory, stream, segments } = options;
  for (const limit of [size - 1, size]) {
    for (let index = segments.length - 1; index >= 0; index--) {
      const firstSeq = segments[index]?.firstSeq ?? 0;
      if (firstSeq > limit) continue;
      const frontier = await frontierAt(directory, stream, firstSeq);
      if (frontier !== undefined || firstSeq === 0) return { index, frontier };
    }
  }
  throw new TamperedError(path, 'the log has no segment and frontier that lead to its newest checkpoint');
}

async function frontierAt(directory: string, stream: string, firstSeq: number): Promise<TreeFrontier | undefined> {
  if (firstSeq === 0) return undefined;
  const frontier = await readFrontier(join(directory, frontierName(stream, firstSeq)));
  return frontier?.size === firstSeq ? frontier : undefined;
}

type Signed = AnchoredCheckpoint;

/** Holds the tree against what was signed. Gives the type of the last record that the first of these covers, when it came by. */
async function appendSegments(
  { directory, segments, nextSeq }: RestoreTreeOptions,
  from: number,
  tree: Tree,
  signed: readonly Signed[],
): Promise<string | undefined> {
  let endType: string | undefined;
  for (const one of signed) if (one.size === tree.size) requireRoot(tree, one, one.path);
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
          for (const one of signed) if (one.size === tree.size) requireRoot(tree, one, path);
          if (signed[0]?.size === tree.size) endType = typeOf(line.bytes);
        }
        if (tree.size >= end) break;
      }
    }
    appendMissing(tree, end, signed, path);
  }
  return endType;
}

function typeOf(line: Buffer): string | undefined {
  const parsed = parseRecord(line);
  return 'record' in parsed ? parsed.record.type : undefined;
}

/** Up to `end`; records that are missing where something was signed are an attack and no accident. */
function appendMissing(tree: Tree, end: number, signed: readonly Signed[], path: string): void {
  if (tree.size >= end) return;
  if (signed.some(({ size }) => tree.size < size)) {
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
