import { listHashKeys, parseHashKey, readHashKeyFile, type ListedHashKey } from '@sallyport/audit';
import { createKeyedHash, SetupError, type JsonValue } from '@sallyport/core';
import type { Output } from '../../terminal/output.ts';
import type { LogLocation } from '../log-location.ts';
import type { ReadingResult } from '../reading/record-reading.ts';
import { hashValue, type HashedThing } from './hash-value.ts';

export interface PrintHashesOptions {
  readonly value: JsonValue;
  readonly thing: HashedThing;
  /** Files with keys that do not stand beside the log. */
  readonly keyFiles: readonly string[];
}

/** A hash, and where it can stand. */
interface PrintedHash {
  readonly hash: string;
  readonly keyId: string;
  readonly streams: string[];
}

/**
 * Prints the keyed hashes under which a value stands in the records of a log: one for each key that its streams had. The exit code is 1
 * when a key is not at hand, since then what is found is not all.
 *
 * @throws SetupError `ERR_AUDIT_KEY` when none is at hand.
 */
export async function printHashes(
  { directory, settings }: LogLocation,
  { value, thing, keyFiles }: PrintHashesOptions,
  output: Output,
): Promise<ReadingResult> {
  const given = settings?.hashKey === undefined ? [] : [parseHashKey(settings.hashKey)];
  for (const file of keyFiles) given.push(await requireKey(file));
  const keys = await listKeys(directory, given);
  const printed = new Map<string, PrintedHash>();
  const lost = keys.filter(({ key }) => key === undefined);
  for (const { stream, keyId, key } of keys) {
    if (key === undefined) continue;
    const hash = hashValue(value, thing, createKeyedHash(key, { keyId }));
    const known = printed.get(hash) ?? { hash, keyId, streams: [] };
    known.streams.push(stream);
    printed.set(hash, known);
  }
  if (printed.size === 0) throw noKey(directory, keys);
  for (const one of printed.values()) {
    if (output.json) await output.dataJson(one);
    else await output.data(`${one.hash}  ${one.streams.join(' ')}`);
  }
  for (const { stream, keyId } of lost) {
    output.warning(`the key ${keyId} of ${stream} is not here: what was recorded with it can not be found`);
  }
  for (const hash of printed.keys()) output.message(`next: sallyport audit query ${directory} --hash ${hash}`);
  return {
    exitCode: lost.length === 0 ? 0 : 1,
    facts: { keys: [...new Set([...printed.values()].map(({ keyId }) => keyId))] },
  };
}

async function listKeys(directory: string, given: readonly Uint8Array[]): Promise<readonly ListedHashKey[]> {
  try {
    return await listHashKeys(directory, given);
  } catch (cause) {
    if (cause instanceof SetupError) throw cause;
    throw new SetupError({
      code: 'ERR_AUDIT_DIRECTORY',
      file: directory,
      problem: 'the audit directory can not be read',
      remedy: 'give the directory that holds the audit-*.jsonl files',
      cause,
    });
  }
}

async function requireKey(file: string): Promise<Uint8Array> {
  const key = await readHashKeyFile(file);
  if (key !== undefined) return key;
  throw new SetupError({
    code: 'ERR_AUDIT_KEY',
    file,
    problem: 'there is no such file',
    remedy: 'name the file that holds the hash key of the log',
  });
}

function noKey(directory: string, keys: readonly ListedHashKey[]): SetupError {
  const ids = keys.map(({ stream, keyId }) => `${keyId} of ${stream}`).join(', ');
  return new SetupError({
    code: 'ERR_AUDIT_KEY',
    file: directory,
    problem:
      keys.length === 0
        ? 'nothing says which hash keys the log had: no hash-*.ids file'
        : `no hash key of the log is at hand (${ids})`,
    remedy:
      keys.length === 0
        ? 'name the directory of the log, with everything that stands in it'
        : 'name the file that holds it with --key-file, or the config file with --config',
  });
}
