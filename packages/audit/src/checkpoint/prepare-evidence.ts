import { rm } from 'node:fs/promises';
import {
  logEvent,
  tell,
  type AuditEntry,
  type JsonObject,
  type Observer,
  type OperationalLogger,
} from '@sallyport/core';
import { writeDurable } from '../files/write-durable.ts';
import { keyRotatedEntry } from '../keys/key-rotation.ts';
import { loadSigningKeys, type LoadSigningKeysOptions, type StreamKeys } from '../keys/load-signing-keys.ts';
import { formerKeyFile, verifierKeyFile } from '../keys/signing-key-files.ts';
import type { Evidence } from '../log/evidence.ts';
import type { StreamState } from '../recovery/inspect-stream.ts';
import { nodeSegmentFileSystem, type SegmentFileSystem } from '../segment/segment-file-system.ts';
import { anchoredCheckpoint } from './anchored-checkpoint.ts';
import { LostEvidence, requireOrder } from './lost-evidence.ts';
import { prepareForeignEvidence } from './prepare-foreign-evidence.ts';
import { restoreTree, type RestoredTree } from './restore-tree.ts';
import { StreamEvidence, type Handover } from './stream-evidence.ts';
import { suspendedEvidence } from './suspended-evidence.ts';
import { TamperedError, tamperedSetupError } from './tampered-error.ts';

export interface PrepareEvidenceOptions extends LoadSigningKeysOptions {
  /** Whether a log that was tampered with goes on, without evidence. */
  readonly tolerant: boolean;
  readonly fileSystem?: SegmentFileSystem;
  readonly log: OperationalLogger;
  readonly observer: Observer;
  /** Rejects when this process may no longer write to the stream; `undefined` when there is no doubt. */
  readonly mayWrite: () => Promise<void> | undefined;
  /** Fewest milliseconds between two checkpoints. Default 1000. */
  readonly intervalMs?: number;
  /** Takes every checkpoint that is durable. */
  readonly publish?: (origin: string, note: string, size: number) => void;
  /** Files of anchors that hold checkpoints of the stream. */
  readonly anchorFiles?: readonly string[];
}

export interface StartedEvidence extends Evidence {
  /** Begins to write checkpoints, with a first one. Never rejects. */
  start(): Promise<void>;
}

/** What a start needs for the evidence of its stream. */
export interface EvidenceStart {
  /**
   * Compares what is on disk with what was signed. To be called for every state that is found, before anything is changed.
   *
   * @throws SetupError `ERR_AUDIT_TAMPERED` when they differ and such a log may not go on.
   */
  readonly check: (state: StreamState) => Promise<void>;
  /** The evidence to go on with, from the state that was checked last. */
  begin(): StartedEvidence;
  /** What the first record has to say about evidence that is missing, of the state that was checked last. */
  facts(): JsonObject;
  /** False for a stream of another writer that this process can not vouch for. */
  readonly signs: boolean;
  /** What the first segment has to say about keys. */
  readonly entries: readonly AuditEntry[];
}

/** `prepareEvidence` for any stream of a directory. */
export type PrepareEvidence = (
  stream: string,
  options: Pick<PrepareEvidenceOptions, 'mayWrite' | 'tolerant' | 'keep'>,
) => Promise<EvidenceStart>;

/**
 * Gets the signing keys of a stream ready.
 *
 * @throws SetupError `ERR_AUDIT_KEY`
 */
export async function prepareEvidence(options: PrepareEvidenceOptions): Promise<EvidenceStart> {
  const { directory, stream, tolerant, log } = options;
  if (options.keep === true) return prepareForeignEvidence(options);
  const keys = await loadSigningKeys(options);
  await publishFirst(options, keys);
  const anchored = await anchoredCheckpoint(options, keys.known);
  const lost = new LostEvidence({ directory, stream, log, expected: keys.published || keys.origin === 'file' });
  let restored: RestoredTree | undefined;
  let tampered: TamperedError | undefined;
  return {
    signs: true,
    entries: entriesOf(keys),
    facts: () => (tampered === undefined ? lost.facts() : {}),
    async check(state) {
      try {
        requireOrder(directory, state);
        const { segments, nextSeq } = state;
        const held = anchored === undefined ? {} : { anchored };
        restored = await restoreTree({ directory, stream, segments, nextSeq, verifiers: keys.known, ...held });
        lost.see(state, restored);
      } catch (error) {
        if (!(error instanceof TamperedError)) throw error;
        if (!tolerant) throw tamperedSetupError(error);
        tampered ??= error;
      }
    },
    begin() {
      if (tampered !== undefined || restored === undefined) {
        const problem = tampered?.message ?? 'the log was not looked at';
        const facts = { directory, stream, file: tampered?.file, problem };
        logEvent(log, 'sallyport.audit.tampered', facts);
        tell(options.observer, { type: 'audit.checkpoint', origin: keys.current.name, ok: false });
        return { ...suspendedEvidence(problem), start: () => Promise.resolve() };
      }
      const { former } = keys;
      lost.say();
      return new StreamEvidence({
        ...options,
        fileSystem: options.fileSystem ?? nodeSegmentFileSystem,
        tree: restored.tree,
        wholeSigned: restored.checkpoint !== undefined && restored.unsigned === undefined,
        signer: keys.current,
        ...(former !== undefined && { handover: handoverOf(options, keys, former) }),
      });
    },
  };
}

/** The verifier key of a stream that never had one, and a loud line about a key that was made. */
async function publishFirst({ directory, stream, log }: PrepareEvidenceOptions, keys: StreamKeys): Promise<void> {
  const { vkey } = keys.current.verifier;
  if (keys.origin === 'generated') {
    logEvent(log, 'sallyport.audit.signing_key_generated', { file: keys.file, vkey });
  }
  if (!keys.published) await writeDurable(verifierKeyFile(directory, stream), `${vkey}\n`, nodeSegmentFileSystem);
}

function entriesOf({ former, current }: StreamKeys): AuditEntry[] {
  if (former === undefined) return [];
  const { verifier } = former;
  const rotation = { old: verifier.keyId, new: current.keyId, oldKey: verifier.vkey, newKey: current.verifier.vkey };
  return [keyRotatedEntry({ kind: 'signing', ...rotation })];
}

/** The files of the old key stay; its private half goes when it was beside the log, for it has nothing more to sign. */
function handoverOf(
  { directory, stream, log }: PrepareEvidenceOptions,
  { current }: StreamKeys,
  { verifier, signer }: NonNullable<StreamKeys['former']>,
): Handover {
  const file = (kind: 'pub' | 'key' | 'handover'): string => formerKeyFile(directory, stream, verifier.keyId, kind);
  const write = (path: string, text: string): Promise<void> => writeDurable(path, text, nodeSegmentFileSystem);
  return {
    ...(signer !== undefined && { signer }),
    async confirm(note) {
      const facts = { stream, old: verifier.keyId, new: current.keyId, vkey: current.verifier.vkey };
      if (signer !== undefined) await write(file('handover'), note);
      await write(file('pub'), `${verifier.vkey}\n`);
      await write(verifierKeyFile(directory, stream), `${current.verifier.vkey}\n`);
      await rm(file('key'), { force: true });
      if (signer !== undefined) logEvent(log, 'sallyport.audit.signing_key_changed', facts);
      else logEvent(log, 'sallyport.audit.signing_key_unvouched', facts);
    },
  };
}
