import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isStreamName } from '../segment/segment-name.ts';
import { readHashKeyFile } from './hash-key.ts';
import { hashKeyCheck, knownHashKeys } from './hash-key-id.ts';

/** A hash key that a stream has or had. */
export interface ListedHashKey {
  readonly stream: string;
  /** As in the hashes that were made with it: `k1`. */
  readonly keyId: string;
  /** It is the last one that the stream began to use. */
  readonly current: boolean;
  /** Absent when it is not at hand: what it hid can not be looked for. */
  readonly key?: Uint8Array;
}

const filePattern = /^hash-(.+)\.ids$/;

/**
 * The hash keys of the streams in a directory, as `hash-<stream>.ids` lists them, each with its key when that is among those that are
 * given or stands beside the log. Of a stream without that file nothing is known, and it is left out.
 *
 * @throws SetupError `ERR_AUDIT_KEY` for a list or key file that can not be read or is open to others.
 */
export async function listHashKeys(
  directory: string,
  given: readonly Uint8Array[] = [],
): Promise<readonly ListedHashKey[]> {
  const listed: ListedHashKey[] = [];
  for (const stream of await streamsOf(directory)) {
    const own = await readHashKeyFile(join(directory, `hash-${stream}.key`));
    const keys = new Map([...given, ...(own === undefined ? [] : [own])].map((key) => [hashKeyCheck(key), key]));
    const known = await knownHashKeys(directory, stream);
    const current = known.at(-1)?.id;
    // A key that came back stands there twice.
    for (const [keyId, check] of new Map(known.map((one) => [one.id, one.check]))) {
      const key = keys.get(check);
      listed.push({ stream, keyId, current: keyId === current, ...(key !== undefined && { key }) });
    }
  }
  return listed;
}

async function streamsOf(directory: string): Promise<readonly string[]> {
  const streams = (await readdir(directory)).map((file) => filePattern.exec(file)?.[1] ?? '');
  return streams.filter(isStreamName).toSorted();
}
