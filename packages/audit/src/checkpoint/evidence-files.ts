import { readdir } from 'node:fs/promises';
import { isStreamName } from '../segment/segment-name.ts';

/** A file of evidence, beside the segment that starts at `firstSeq`. */
export interface EvidenceFile {
  readonly stream: string;
  readonly firstSeq: number;
  /** File name without its directory. */
  readonly file: string;
}

/** The frontier of the tree at the start of a segment: `audit-<stream>-<first seq, 20 digits>.frontier`. */
export function frontierName(stream: string, firstSeq: number): string {
  return `audit-${stream}-${String(firstSeq).padStart(20, '0')}.frontier`;
}

/** The last checkpoint taken while a segment was open: `audit-<stream>-<first seq, 20 digits>.checkpoint`. */
export function checkpointName(stream: string, firstSeq: number): string {
  return `audit-${stream}-${String(firstSeq).padStart(20, '0')}.checkpoint`;
}

const pattern = /^audit-(.+)-([0-9]{20})\.(frontier|checkpoint)$/;

/** The frontiers or checkpoints of a directory, ordered by stream and first sequence number. */
export async function listEvidence(
  directory: string,
  kind: 'frontier' | 'checkpoint',
  stream?: string,
): Promise<EvidenceFile[]> {
  const files: EvidenceFile[] = [];
  for (const file of await readdir(directory)) {
    const [, name, digits, ending] = pattern.exec(file) ?? [];
    const firstSeq = Number(digits);
    if (name === undefined || ending !== kind || !isStreamName(name) || !Number.isSafeInteger(firstSeq)) continue;
    if (stream === undefined || name === stream) files.push({ stream: name, firstSeq, file });
  }
  return files.sort((a, b) => (a.stream === b.stream ? a.firstSeq - b.firstSeq : a.stream < b.stream ? -1 : 1));
}
