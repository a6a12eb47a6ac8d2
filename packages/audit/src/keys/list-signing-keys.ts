import { isJsonObject, member } from '@sallyport/core';
import { createSigningKey } from '../note/signer.ts';
import { parseVerifierKey, type VerifierKey } from '../note/verifier-key.ts';
import { readAuditLog } from '../read/read-audit-log.ts';
import { listSegments } from '../segment/list-segments.ts';
import { readPrivateKey } from './private-key-file.ts';
import {
  listFormerKeys,
  readVerifierKey,
  readVerifierKeys,
  signingKeyFile,
  verifierKeyFile,
} from './signing-key-files.ts';

/** A signing key of a stream. */
export interface ListedKey {
  readonly stream: string;
  readonly keyId: string;
  readonly vkey: string;
  /** `next`: made by a rotation, signs from the next start on. `former`: was replaced. */
  readonly state: 'current' | 'next' | 'former';
  /** The record that says that it took over; absent for the first key. */
  readonly fromSeq?: number;
  /** The record that says that it was replaced; absent while it is not. */
  readonly untilSeq?: number;
  /** Whether it has signed for its successor. */
  readonly handedOver?: boolean;
}

/**
 * The signing keys of the logs in a directory, those beside them and those that the log names, in the order in which they
 * signed. Reads the whole log.
 *
 * @throws SetupError `ERR_AUDIT_DIRECTORY`, `ERR_AUDIT_KEY`
 */
export async function listSigningKeys(directory: string, stream?: string): Promise<ListedKey[]> {
  const streams = new Set((await listSegments(directory, stream)).map((segment) => segment.stream));
  const listed: ListedKey[] = [];
  for (const name of streams) listed.push(...(await keysOf(directory, name)));
  return listed;
}

async function keysOf(directory: string, stream: string): Promise<ListedKey[]> {
  const current = await readVerifierKey(verifierKeyFile(directory, stream));
  const handovers = new Set(await listFormerKeys(directory, stream, 'handover'));
  const keys = new Map<string, ListedKey>();
  const see = (vkey: string, facts: Partial<ListedKey> = {}): void => {
    const { keyId } = parseVerifierKey(vkey);
    const isCurrent = vkey === current?.vkey;
    const state = isCurrent ? 'current' : 'former';
    const handedOver = isCurrent ? {} : { handedOver: handovers.has(keyId) };
    keys.set(vkey, { stream, keyId, vkey, state, ...handedOver, ...keys.get(vkey), ...facts });
  };
  for await (const { seq, oldKey, newKey } of rotations(directory, stream)) {
    see(oldKey, { untilSeq: seq });
    see(newKey, { fromSeq: seq });
  }
  for (const { vkey } of await readVerifierKeys(directory, stream)) see(vkey);
  const next = await nextKey(directory, stream, current);
  const all = [...keys.values()].toSorted((a, b) => (a.fromSeq ?? -1) - (b.fromSeq ?? -1));
  return next === undefined || keys.has(next.vkey) ? all : [...all, { stream, ...identity(next), state: 'next' }];
}

/** The key beside the log, when it is not the one that signed last. */
async function nextKey(
  directory: string,
  stream: string,
  current: VerifierKey | undefined,
): Promise<VerifierKey | undefined> {
  const key = await readPrivateKey(signingKeyFile(directory, stream)).catch(() => undefined);
  if (key === undefined || current === undefined) return undefined;
  return createSigningKey(current.name, key).verifier;
}

function identity({ keyId, vkey }: VerifierKey): { readonly keyId: string; readonly vkey: string } {
  return { keyId, vkey };
}

interface SeenRotation {
  readonly seq: number;
  readonly oldKey: string;
  readonly newKey: string;
}

async function* rotations(directory: string, stream: string): AsyncGenerator<SeenRotation> {
  for await (const item of readAuditLog(directory, { stream })) {
    if (item.kind !== 'record' || item.record.type !== 'audit.key_rotated') continue;
    const { seq, detail } = item.record;
    if (!isJsonObject(detail) || member(detail, 'kind') !== 'signing') continue;
    const oldKey = member(detail, 'oldKey');
    const newKey = member(detail, 'newKey');
    if (isVerifierKey(oldKey) && isVerifierKey(newKey)) yield { seq, oldKey, newKey };
  }
}

function isVerifierKey(text: unknown): text is string {
  try {
    return typeof text === 'string' && parseVerifierKey(text).vkey === text;
  } catch {
    return false;
  }
}
