import { createHmac } from 'node:crypto';
import { join } from 'node:path';
import { isJsonObject, member, SetupError } from '@sallyport/core';
import { readSmallFile } from '../files/read-small-file.ts';
import { writeDurable } from '../files/write-durable.ts';
import { nodeSegmentFileSystem } from '../segment/segment-file-system.ts';
import type { KeyRotation } from './key-rotation.ts';

/** What a hash key is called in the records of a stream. */
export interface HashKeyId {
  /** `k1` for the first key of a stream, `k2` for the next. A key that comes back has the id it had. */
  readonly keyId: string;
  /** When the key before was another one: what to record. */
  readonly rotated?: KeyRotation;
  /** To be called when the record is durable; until then the rotation is found again at every start. */
  confirm(): Promise<void>;
}

/** A hash key that a stream has had. */
export interface KnownHashKey {
  readonly id: string;
  /** By which its key is known again. */
  readonly check: string;
}

/**
 * Gives a hash key its id. The ids of a stream stand in `hash-<stream>.ids` beside the log, each with a check value by which its
 * key is known again, and from which the key can not be computed.
 *
 * @throws SetupError `ERR_AUDIT_KEY` when the file is no list of ids.
 */
export async function hashKeyId(directory: string, stream: string, key: Uint8Array): Promise<HashKeyId> {
  const file = join(directory, `hash-${stream}.ids`);
  const known = await readKnown(file);
  const check = hashKeyCheck(key);
  const last = known.at(-1);
  const id = known.find((one) => one.check === check)?.id ?? `k${new Set(known.map((one) => one.id)).size + 1}`;
  const changed = last?.check !== check;
  return {
    keyId: id,
    ...(changed && last !== undefined && { rotated: { kind: 'hash', old: last.id, new: id } }),
    async confirm() {
      if (!changed) return;
      const keys = [...known, { id, check }];
      await writeDurable(file, `${JSON.stringify({ v: 1, keys })}\n`, nodeSegmentFileSystem);
    },
  };
}

/** Gives another directory of the same stream the ids that this one knows. */
export async function shareHashKeyIds(from: string, to: string, stream: string): Promise<void> {
  const found = await readSmallFile(join(from, `hash-${stream}.ids`));
  if (found !== undefined) await writeDurable(join(to, `hash-${stream}.ids`), found.text, nodeSegmentFileSystem);
}

/** The hash keys that a stream has had, oldest first; the last one is in use. */
export function knownHashKeys(directory: string, stream: string): Promise<readonly KnownHashKey[]> {
  return readKnown(join(directory, `hash-${stream}.ids`));
}

/** By which a key is known again; it can not be computed back. */
export function hashKeyCheck(key: Uint8Array): string {
  return createHmac('sha256', key).update('sallyport hash key').digest('base64url').slice(0, 22);
}

async function readKnown(file: string): Promise<KnownHashKey[]> {
  const found = await readSmallFile(file);
  if (found === undefined) return [];
  try {
    const value: unknown = JSON.parse(found.text);
    const keys = isJsonObject(value) ? member(value, 'keys') : undefined;
    if (!Array.isArray(keys)) throw new Error('no list');
    return keys.map(readOne);
  } catch (cause) {
    throw new SetupError({
      code: 'ERR_AUDIT_KEY',
      file,
      problem: 'the file does not say which hash keys the stream has had',
      remedy: 'restore it; without it a new key could get the id of an old one',
      cause,
    });
  }
}

function readOne(value: unknown): KnownHashKey {
  const id = isJsonObject(value) ? member(value, 'id') : undefined;
  const check = isJsonObject(value) ? member(value, 'check') : undefined;
  if (typeof id !== 'string' || typeof check !== 'string' || !/^k[1-9][0-9]{0,8}$/.test(id)) throw new Error('no key');
  return { id, check };
}
