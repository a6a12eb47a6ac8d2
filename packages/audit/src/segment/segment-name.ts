/** Length limit of a stream name, so that every file name made from it fits the usual 255 bytes. */
const maxStreamLength = 128;

/** As of the numbers of records. */
const maxFirstSeq = 2 ** 52;

const streamPattern = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;
const segmentPattern = /^audit-(.+)-([0-9]{20})\.jsonl$/;

/** One segment file: the records of a stream from `firstSeq` on. */
export interface SegmentName {
  readonly stream: string;
  readonly firstSeq: number;
  /** File name without its directory. */
  readonly file: string;
}

/** True for a name that is safe as part of a file name: letters, digits, `.`, `_` and `-`, at most 128. */
export function isStreamName(name: string): boolean {
  return name.length <= maxStreamLength && streamPattern.test(name);
}

/** The segment of a stream that starts at a sequence number: `audit-<stream>-<first seq, 20 digits>.jsonl`. */
export function segmentName(stream: string, firstSeq: number): SegmentName {
  return { stream, firstSeq, file: `audit-${stream}-${String(firstSeq).padStart(20, '0')}.jsonl` };
}

/** Reads a file name back; `undefined` for every other file of the directory. */
export function parseSegmentName(file: string): SegmentName | undefined {
  const match = segmentPattern.exec(file);
  const stream = match?.[1];
  const firstSeq = Number(match?.[2]);
  if (stream === undefined || !isStreamName(stream) || firstSeq > maxFirstSeq) return undefined;
  return { stream, firstSeq, file };
}
