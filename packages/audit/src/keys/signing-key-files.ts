import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readSmallFile } from '../files/read-small-file.ts';
import { errorText } from '../log/error-code.ts';
import { parseVerifierKey, type VerifierKey } from '../note/verifier-key.ts';
import { signingKeyProblem } from './key-problem.ts';

/** The private key that signs the checkpoints of a stream, when none is configured. */
export function signingKeyFile(directory: string, stream: string): string {
  return join(directory, `signing-${stream}.key`);
}

/** The verifier key of a stream: of the key that signs now. */
export function verifierKeyFile(directory: string, stream: string): string {
  return join(directory, `signing-${stream}.pub`);
}

/**
 * What is left of a key that signed before: its verifier key (`pub`), its private key until it has signed for its successor
 * (`key`), and the checkpoint with which it did (`handover`). A plus sign is in no stream name, so no two streams share a file.
 */
export function formerKeyFile(
  directory: string,
  stream: string,
  keyId: string,
  kind: 'pub' | 'key' | 'handover',
): string {
  return join(directory, `signing-${stream}+${keyId}.${kind}`);
}

/** The key ids of former keys that have a file of this kind. */
export async function listFormerKeys(
  directory: string,
  stream: string,
  kind: 'pub' | 'key' | 'handover',
): Promise<string[]> {
  const head = `signing-${stream}+`;
  const tail = `.${kind}`;
  const ids = (await readdir(directory))
    .filter((name) => name.startsWith(head) && name.endsWith(tail))
    .map((name) => name.slice(head.length, -tail.length));
  return ids.filter((id) => /^[0-9a-f]{8}$/.test(id)).toSorted();
}

/**
 * The verifier key in a file; `undefined` when there is no file.
 *
 * @throws SetupError `ERR_AUDIT_KEY` when it holds none.
 */
export async function readVerifierKey(file: string): Promise<VerifierKey | undefined> {
  try {
    const found = await readSmallFile(file);
    return found === undefined ? undefined : parseVerifierKey(found.text);
  } catch (cause) {
    const remedy = 'restore it, or move it away';
    throw signingKeyProblem(
      { file },
      `can not be told: the file holds no verifier key (${errorText(cause)})`,
      remedy,
      cause,
    );
  }
}

/** Every verifier key that stands beside the log of a stream: the current one first. */
export async function readVerifierKeys(directory: string, stream: string): Promise<VerifierKey[]> {
  const files = [
    verifierKeyFile(directory, stream),
    ...(await listFormerKeys(directory, stream, 'pub')).map((id) => formerKeyFile(directory, stream, id, 'pub')),
  ];
  const keys = await Promise.all(files.map(readVerifierKey));
  return keys.filter((key) => key !== undefined);
}
