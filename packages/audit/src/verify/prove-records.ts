import { isUtf8 } from 'node:buffer';
import { join } from 'node:path';
import { SetupError } from '@sallyport/core';
import { parseCheckpoint, type Checkpoint } from '../checkpoint/checkpoint-body.ts';
import { readFrontier } from '../checkpoint/frontier-file.ts';
import { readSmallFile } from '../files/read-small-file.ts';
import { NoteError } from '../note/note-error.ts';
import { parseNote } from '../note/signed-note.ts';
import type { TreeFrontier } from '../tree/tree.ts';
import { streamOf } from './claim.ts';
import { InclusionProver } from './inclusion-prover.ts';
import { takeInventory, type StreamFiles } from './inventory.ts';
import type { ProofFile, StreamProof } from './proof-file.ts';
import { readBlocks } from './read-blocks.ts';
import { RecordScanner } from './scan-record.ts';

export interface ProveRecordsOptions {
  /** Sequence numbers of the records, by stream. */
  readonly records: ReadonlyMap<string, readonly number[]>;
  /** Checkpoints to prove against, such as one that was held outside. Default: of each stream the oldest that covers the records. */
  readonly to?: readonly { readonly source: string; readonly note: string }[];
}

interface Target extends Checkpoint {
  readonly source: string;
  readonly note: string;
}

/**
 * Proves that records stand in a log: for each its line, its place and the path to the root of a signed checkpoint. Signatures are
 * not verified here; who gets the proof does that.
 *
 * @throws SetupError `ERR_AUDIT_DIRECTORY` when the directory can not be read, `ERR_AUDIT_DAMAGED` when no checkpoint covers a
 * record, or the lines do not give its root.
 */
export async function proveRecords(directory: string, options: ProveRecordsOptions): Promise<ProofFile> {
  const inventory = await takeInventory(directory);
  const streams: StreamProof[] = [];
  for (const [stream, numbers] of options.records) {
    if (numbers.length === 0) continue;
    const files = inventory.streams.get(stream);
    const wanted = [...new Set(numbers)].toSorted((a, b) => a - b);
    const last = wanted.at(-1) ?? 0;
    const target = files && (await targetOf(directory, files, last, options.to));
    if (files === undefined || target === undefined) {
      throw damaged(
        directory,
        `no checkpoint covers record ${last} of the stream ${stream}`,
        'wait for the next checkpoint',
      );
    }
    streams.push({ stream, checkpoint: target.note, records: await proveStream(directory, files, wanted, target) });
  }
  return { v: 1, kind: 'sallyport-audit-proof', streams };
}

async function targetOf(
  directory: string,
  { stream, checkpoints }: StreamFiles,
  last: number,
  given: ProveRecordsOptions['to'],
): Promise<Target | undefined> {
  const notes: { source: string; note: string }[] = [...(given ?? [])];
  if (given === undefined) {
    for (const source of checkpoints.values()) {
      const file = await readSmallFile(join(directory, source)).catch(() => undefined);
      notes.push({ source, note: file?.text ?? '' });
    }
  }
  const targets = notes.map(readTarget).filter((target) => target !== undefined);
  return targets
    .filter(({ origin, size }) => streamOf(origin) === stream && size > last)
    .toSorted((a, b) => a.size - b.size)[0];
}

function readTarget({ source, note }: { source: string; note: string }): Target | undefined {
  try {
    return { source, note, ...parseCheckpoint(parseNote(note).text) };
  } catch (error) {
    if (error instanceof NoteError) return undefined;
    throw error;
  }
}

async function proveStream(
  directory: string,
  files: StreamFiles,
  wanted: readonly number[],
  target: Target,
): Promise<StreamProof['records']> {
  const { segments, stream } = files;
  const { index: from, frontier } = await startOf(directory, files, wanted[0] ?? 0);
  const prover = new InclusionProver(frontier, wanted);
  const lines = new Map<number, string>();
  const scanner = new RecordScanner();
  let at = 0;
  for (const [index, { file }] of segments.entries()) {
    if (index < from || prover.size >= target.size) continue;
    const limit = Math.min(target.size, segments[index + 1]?.firstSeq ?? Number.POSITIVE_INFINITY);
    for await (const { bytes, start, end, kind } of readBlocks(join(directory, file))) {
      if (kind !== 'lines') break;
      for (let begin = start; begin < end && prover.size < limit;) {
        const feed = bytes.indexOf(0x0a, begin);
        const line = bytes.subarray(begin, feed);
        const scanned = isUtf8(line) && (scanner.scan(bytes, begin) === feed || scanner.parse(line) === undefined);
        if (!scanned || scanner.seq !== prover.size || scanner.stream !== stream)
          throw damaged(join(directory, file), `record ${prover.size} does not stand in its place`);
        if (wanted[at] === prover.size) {
          lines.set(prover.size, line.toString('utf8'));
          at += 1;
        }
        prover.append(line);
        begin = feed + 1;
      }
    }
  }
  if (prover.size !== target.size || prover.root()?.equals(target.root) !== true) {
    throw damaged(directory, `the records of ${stream} do not give the root of ${target.source}`);
  }
  return wanted.map((index) => ({
    index,
    line: lines.get(index) ?? '',
    proof: prover.proof(index).map((hash) => hash.toString('base64')),
  }));
}

/** The last segment that begins at or before a record, and whose tree is written down. */
async function startOf(
  directory: string,
  { segments, frontiers, stream }: StreamFiles,
  seq: number,
): Promise<{ readonly index: number; readonly frontier: TreeFrontier }> {
  for (let index = segments.length - 1; index >= 0; index -= 1) {
    const firstSeq = segments[index]?.firstSeq ?? 0;
    if (firstSeq > seq) continue;
    if (firstSeq === 0) return { index, frontier: { size: 0, hashes: [] } };
    const file = frontiers.get(firstSeq);
    const frontier = file === undefined ? undefined : await readFrontier(join(directory, file));
    if (frontier?.size === firstSeq) return { index, frontier };
  }
  throw damaged(directory, `record ${seq} of ${stream} is not here, or the tree before it is not written down`);
}

function damaged(file: string, problem: string, remedy = 'look with `sallyport audit verify`'): SetupError {
  return new SetupError({ code: 'ERR_AUDIT_DAMAGED', file, problem, remedy });
}
