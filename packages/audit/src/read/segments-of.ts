import { SetupError } from '@sallyport/core';
import { errorText } from '../log/error-code.ts';
import { listSegments } from '../segment/list-segments.ts';
import type { SegmentName } from '../segment/segment-name.ts';

/**
 * The segments of a log that is read, ordered by stream and first sequence number.
 *
 * @throws SetupError `ERR_AUDIT_DIRECTORY` when the directory can not be read.
 */
export function segmentsOf(directory: string, stream: string | undefined): Promise<SegmentName[]> {
  return listSegments(directory, stream).catch((cause: unknown) => {
    throw new SetupError({
      code: 'ERR_AUDIT_DIRECTORY',
      file: directory,
      problem: `the audit directory can not be read (${errorText(cause)})`,
      remedy: 'give the directory that holds the audit-*.jsonl files',
      cause,
    });
  });
}

/** What is said of a directory without a segment. */
export function noLog(directory: string, stream: string | undefined): SetupError {
  const none =
    stream === undefined
      ? 'no audit log: no audit-*.jsonl file'
      : `no stream ${stream}: no audit-${stream}-*.jsonl file`;
  return new SetupError({
    code: 'ERR_AUDIT_DIRECTORY',
    file: directory,
    problem: `there is ${none}`,
    remedy: 'name the directory of audit.directory in the config; unpack segments that were compressed',
  });
}
