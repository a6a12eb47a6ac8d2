import type { KeyObject } from 'node:crypto';
import { createSigningKey, type SigningKey } from '../note/signer.ts';
import type { VerifierKey } from '../note/verifier-key.ts';
import { parseSigningKey } from './parse-signing-key.ts';
import { readPrivateKey, writeNewPrivateKey } from './private-key-file.ts';
import {
  formerKeyFile,
  listFormerKeys,
  readVerifierKey,
  readVerifierKeys,
  signingKeyFile,
  verifierKeyFile,
} from './signing-key-files.ts';

export interface LoadSigningKeysOptions {
  readonly directory: string;
  readonly stream: string;
  /** Name of the key, which is the origin of the checkpoints: `<audit.origin>/<stream>`. */
  readonly name: string;
  /** From the configuration: see `parseSigningKey`. Default: the file beside the log, which is made when missing. */
  readonly signingKey?: string | Uint8Array;
  /** The key that was configured before, so that it can sign for its successor. */
  readonly previousSigningKey?: string | Uint8Array;
  /** For the stream of another writer: see `loadForeignKeys`. */
  readonly keep?: boolean;
}

/** The keys of a stream at a start. */
export interface StreamKeys {
  /** Signs from now on. */
  readonly current: SigningKey;
  /** Where it came from: the configuration, a file beside the log, or made just now. */
  readonly origin: 'config' | 'file' | 'generated';
  /** The file, unless it came from the configuration. */
  readonly file?: string;
  /** The key that signed last, when that was another one; and its private half, when it is at hand. */
  readonly former?: { readonly verifier: VerifierKey; readonly signer?: SigningKey };
  /** Whether the verifier key that signed last stands beside the log. */
  readonly published: boolean;
  /** Every verifier key of the stream that is known here. */
  readonly known: readonly VerifierKey[];
}

/**
 * The signing keys of a stream.
 *
 * @throws SetupError `ERR_AUDIT_KEY` when a key is none, its file is accessible to anybody but its owner, or can not be written.
 */
export async function loadSigningKeys(options: LoadSigningKeysOptions): Promise<StreamKeys> {
  const { directory, stream, name } = options;
  const { last, found, before, known } = await keysBeside(options);
  const chosen = found.find(({ candidate }) => candidate) ?? (await generate(directory, stream));
  const current = createSigningKey(name, chosen.key);
  const changed = last !== undefined && last.vkey !== current.verifier.vkey;
  return {
    current,
    origin: chosen.origin,
    ...fileOf(chosen),
    ...(changed && { former: { verifier: last, ...(before !== undefined && { signer: before }) } }),
    published: last !== undefined,
    known: [current.verifier, ...known.filter(({ vkey }) => vkey !== current.verifier.vkey)],
  };
}

/**
 * What there is of the keys of another writer's stream: those that are known, and the one that signed last where it is at hand. Makes
 * none.
 *
 * @throws SetupError `ERR_AUDIT_KEY`
 */
export async function loadForeignKeys(
  options: LoadSigningKeysOptions,
): Promise<{ readonly known: readonly VerifierKey[]; readonly signer?: SigningKey }> {
  const { known, before } = await keysBeside(options);
  return { known, ...(before !== undefined && { signer: before }) };
}

interface KeysBeside {
  /** The key that signed last, and its private half, when it is at hand. */
  readonly last: VerifierKey | undefined;
  readonly before: SigningKey | undefined;
  readonly found: readonly FoundKey[];
  readonly known: readonly VerifierKey[];
}

async function keysBeside(options: LoadSigningKeysOptions): Promise<KeysBeside> {
  const { directory, stream, name } = options;
  const last = await readVerifierKey(verifierKeyFile(directory, stream));
  const found = await privateKeys(options);
  const signers = found.map(({ key }) => createSigningKey(last?.name ?? name, key));
  const before = last === undefined ? undefined : signers.find(({ verifier }) => verifier.vkey === last.vkey);
  return { last, before, found, known: await readVerifierKeys(directory, stream) };
}

interface FoundKey {
  readonly key: KeyObject | Uint8Array;
  readonly origin: StreamKeys['origin'];
  readonly file?: string;
  /** May become the key that signs; the others sign for their successor only. */
  readonly candidate: boolean;
}

/** The private keys that are at hand, in the order in which they are to be used. */
async function privateKeys(options: LoadSigningKeysOptions): Promise<FoundKey[]> {
  const { directory, stream, signingKey, previousSigningKey } = options;
  const found: FoundKey[] = [];
  if (signingKey !== undefined) found.push({ key: parseSigningKey(signingKey), origin: 'config', candidate: true });
  const file = signingKeyFile(directory, stream);
  const beside = await readPrivateKey(file);
  if (beside !== undefined) found.push({ key: beside, origin: 'file', file, candidate: true });
  if (previousSigningKey !== undefined) {
    const key = parseSigningKey(previousSigningKey, { field: 'audit.previousSigningKey' });
    found.push({ key, origin: 'config', candidate: false });
  }
  for (const id of await listFormerKeys(directory, stream, 'key')) {
    const former = formerKeyFile(directory, stream, id, 'key');
    const key = await readPrivateKey(former);
    if (key !== undefined) found.push({ key, origin: 'file', file: former, candidate: false });
  }
  return found;
}

async function generate(directory: string, stream: string): Promise<FoundKey> {
  const file = signingKeyFile(directory, stream);
  return { key: await writeNewPrivateKey(file), origin: 'generated', file, candidate: true };
}

function fileOf({ file }: { readonly file?: string }): { readonly file?: string } {
  return file === undefined ? {} : { file };
}
