import type { KeyObject } from 'node:crypto';
import { createSigningKey } from '../note/signer.ts';
import type { VerifierKey } from '../note/verifier-key.ts';
import { signingKeyProblem } from './key-problem.ts';
import { readPrivateKey, writeNewPrivateKey, writePrivateKey } from './private-key-file.ts';
import { formerKeyFile, readVerifierKey, signingKeyFile, verifierKeyFile } from './signing-key-files.ts';

export interface RotatedSigningKey {
  /** Signed until now. */
  readonly old: VerifierKey;
  /** Signs from the next start on. */
  readonly new: VerifierKey;
  /** Its private half. */
  readonly file: string;
}

/**
 * Makes a new signing key beside the log of a stream. The next start of the writer takes it, records `audit.key_rotated`, and has the
 * old key sign the first checkpoint too. A writer that is running is not disturbed. Done twice before that start, the key that
 * never signed is replaced.
 *
 * @throws SetupError `ERR_AUDIT_KEY` when the stream has no key beside its log: a configured key is rotated in the configuration, by
 * making the old `audit.signingKey` the `audit.previousSigningKey`.
 */
export async function rotateSigningKey(directory: string, stream: string): Promise<RotatedSigningKey> {
  const file = signingKeyFile(directory, stream);
  const key = await readPrivateKey(file);
  const old = await readVerifierKey(verifierKeyFile(directory, stream));
  if (key === undefined || old === undefined) {
    const remedy = 'set audit.signingKey to a new key and audit.previousSigningKey to the old one, and restart';
    throw signingKeyProblem({ file }, `of the stream ${stream} is not beside its log`, remedy);
  }
  if (createSigningKey(old.name, key).keyId === old.keyId) {
    await writePrivateKey(formerKeyFile(directory, stream, old.keyId, 'key'), pemOf(key));
  }
  const made = createSigningKey(old.name, await writeNewPrivateKey(file));
  return { old, new: made.verifier, file };
}

function pemOf(key: KeyObject | Uint8Array): string {
  if (key instanceof Uint8Array) return `${Buffer.from(key).toString('base64')}\n`;
  return String(key.export({ format: 'pem', type: 'pkcs8' }));
}
