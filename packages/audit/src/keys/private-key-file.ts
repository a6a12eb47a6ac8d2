import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { SetupError } from '@sallyport/core';
import { readSmallFile } from '../files/read-small-file.ts';
import { writeDurable } from '../files/write-durable.ts';
import { errorText } from '../log/error-code.ts';
import { nodeSegmentFileSystem } from '../segment/segment-file-system.ts';
import { signingKeyProblem } from './key-problem.ts';
import { parseSigningKey } from './parse-signing-key.ts';

/**
 * The private key in a file; `undefined` when there is none.
 *
 * @throws SetupError `ERR_AUDIT_KEY` when it holds no key or is accessible to anybody but its owner.
 */
export async function readPrivateKey(file: string): Promise<KeyObject | Uint8Array | undefined> {
  try {
    const found = await readSmallFile(file);
    if (found === undefined) return undefined;
    // Windows has no permission bits; what it reports says nothing.
    if ((found.mode & 0o077) !== 0 && process.platform !== 'win32') {
      const seen = found.mode.toString(8).padStart(4, '0');
      throw signingKeyProblem({ file }, `is accessible to others (mode ${seen})`, `run: chmod 600 ${file}`);
    }
    return parseSigningKey(found.text, { file });
  } catch (cause) {
    if (cause instanceof SetupError) throw cause;
    const remedy = 'make it a plain file that the server can read';
    throw signingKeyProblem({ file }, `can not be read (${errorText(cause)})`, remedy, cause);
  }
}

/** Makes a key and writes it to a file, PKCS#8 in PEM, mode 0600. */
export async function writeNewPrivateKey(file: string): Promise<KeyObject> {
  const { privateKey } = generateKeyPairSync('ed25519');
  await writePrivateKey(file, String(privateKey.export({ format: 'pem', type: 'pkcs8' })));
  return privateKey;
}

/** The key gets its name when it is durable: half a key never stays behind. */
export async function writePrivateKey(file: string, text: string): Promise<void> {
  try {
    await writeDurable(file, text, nodeSegmentFileSystem);
  } catch (cause) {
    const remedy = 'make the directory writable, or set audit.signingKey';
    throw signingKeyProblem({ file }, `can not be written (${errorText(cause)})`, remedy, cause);
  }
}
