import { readdir } from 'node:fs/promises';
import { SetupError } from '@sallyport/core';
import { errorText } from '../log/error-code.ts';
import { isStreamName, parseSegmentName, type SegmentName } from '../segment/segment-name.ts';

/** The files of one stream, by name. */
export interface StreamFiles {
  readonly stream: string;
  /** In order of their first sequence number. */
  readonly segments: SegmentName[];
  /** File of the tree frontier at a first sequence number. */
  readonly frontiers: Map<number, string>;
  /** File of the checkpoint taken while the segment of a first sequence number was open. */
  readonly checkpoints: Map<number, string>;
  /** Checkpoints with which a key that signed before vouches for its successor. */
  readonly handovers: string[];
}

export interface Inventory {
  readonly streams: ReadonlyMap<string, StreamFiles>;
  /** Files with public keys. */
  readonly publicKeys: readonly string[];
  /** Entries of the directory that no part of the log writes. */
  readonly foreign: readonly string[];
}

const sidePattern = /^audit-(.+)-([0-9]{20})\.(frontier|checkpoint)$/;
const handoverPattern = /^signing-(.+)\+[0-9a-f]{8}\.handover$/;
const publicKeyPattern = /^signing-.+\.pub$/;
/** What else the writer keeps beside the log begins like this: locks, drafts, torn ends, keys, cursors. */
const ownBeginnings: readonly string[] = ['audit-', 'hash-', 'signing-', 'export-'];
/** And a name of these that ends like a segment, and is none, is not its own. */
const segmentEnding = '.jsonl';

/**
 * Lists what a directory holds of an audit log.
 *
 * @throws SetupError `ERR_AUDIT_DIRECTORY` when it can not be read.
 */
export async function takeInventory(directory: string): Promise<Inventory> {
  const names = await readdir(directory).catch((cause: unknown) => {
    throw new SetupError({
      code: 'ERR_AUDIT_DIRECTORY',
      file: directory,
      problem: `the audit directory can not be read (${errorText(cause)})`,
      remedy: 'give the directory that holds the audit-*.jsonl files',
      cause,
    });
  });
  const streams = new Map<string, StreamFiles>();
  const publicKeys: string[] = [];
  const foreign: string[] = [];
  for (const name of names.sort()) {
    const segment = parseSegmentName(name);
    const side = sidePattern.exec(name);
    const handover = handoverPattern.exec(name)?.[1];
    if (segment !== undefined) filesOf(streams, segment.stream).segments.push(segment);
    else if (side?.[1] !== undefined && isStreamName(side[1])) {
      const files = filesOf(streams, side[1]);
      (side[3] === 'frontier' ? files.frontiers : files.checkpoints).set(Number(side[2]), name);
    } else if (handover !== undefined && isStreamName(handover)) filesOf(streams, handover).handovers.push(name);
    else if (publicKeyPattern.test(name)) publicKeys.push(name);
    else if (!isOwn(name)) foreign.push(name);
  }
  for (const { segments } of streams.values()) segments.sort((a, b) => a.firstSeq - b.firstSeq);
  return { streams, publicKeys, foreign };
}

function filesOf(streams: Map<string, StreamFiles>, stream: string): StreamFiles {
  let files = streams.get(stream);
  if (files === undefined) {
    files = { stream, segments: [], frontiers: new Map(), checkpoints: new Map(), handovers: [] };
    streams.set(stream, files);
  }
  return files;
}

function isOwn(name: string): boolean {
  if (name.startsWith('audit-') && name.endsWith(segmentEnding)) return false;
  return ownBeginnings.some((beginning) => name.startsWith(beginning));
}
