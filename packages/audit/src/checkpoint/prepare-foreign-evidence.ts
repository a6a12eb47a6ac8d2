import { logEvent } from '@sallyport/core';
import { loadForeignKeys } from '../keys/load-signing-keys.ts';
import { noEvidence } from '../log/evidence.ts';
import type { SigningKey } from '../note/signer.ts';
import { nodeSegmentFileSystem } from '../segment/segment-file-system.ts';
import { listEvidence } from './evidence-files.ts';
import { LostEvidence, requireOrder } from './lost-evidence.ts';
import type { EvidenceStart, PrepareEvidenceOptions } from './prepare-evidence.ts';
import { openCheckpoint } from './read-checkpoint.ts';
import { restoreTree, type RestoredTree } from './restore-tree.ts';
import { StreamEvidence } from './stream-evidence.ts';
import { TamperedError, tamperedSetupError } from './tampered-error.ts';

/**
 * The same for the stream of another writer. It is signed only with the key that signed its newest checkpoint, where that is at hand:
 * a stream that somebody put there has none, and must not get a signature from this process.
 */
export async function prepareForeignEvidence(options: PrepareEvidenceOptions): Promise<EvidenceStart> {
  const { directory, stream, log } = options;
  const { known, signer } = await loadForeignKeys(options);
  const hasCheckpoint = (await listEvidence(directory, 'checkpoint', stream)).length > 0;
  const lost = new LostEvidence({ directory, stream, log, expected: signer !== undefined });
  let restored: RestoredTree | undefined;
  const key = (): typeof signer =>
    signer !== undefined && isSignedBy(restored?.checkpoint?.note, signer) ? signer : undefined;
  return {
    entries: [],
    get signs() {
      return key() !== undefined;
    },
    facts: () => lost.facts(),
    async check(state) {
      try {
        requireOrder(directory, state);
        // Without a key there is nothing to compare with; of its own writer it is compared at the next start.
        if (!hasCheckpoint || known.length === 0) return;
        const { segments, nextSeq } = state;
        restored = await restoreTree({ directory, stream, segments, nextSeq, verifiers: known });
        lost.see(state, restored);
      } catch (error) {
        throw error instanceof TamperedError ? tamperedSetupError(error) : error;
      }
    },
    begin() {
      const own = key();
      if (own === undefined || restored === undefined) {
        logEvent(log, 'sallyport.audit.foreign_unsigned', { directory, stream });
        return { ...noEvidence, start: () => Promise.resolve() };
      }
      lost.say();
      const { tree, unsigned } = restored;
      const fileSystem = options.fileSystem ?? nodeSegmentFileSystem;
      return new StreamEvidence({ ...options, fileSystem, tree, wholeSigned: unsigned === undefined, signer: own });
    },
  };
}

/** A key id tells nothing here: another key can be searched for until it has the same. */
function isSignedBy(note: string | undefined, { verifier }: SigningKey): boolean {
  try {
    return note !== undefined && openCheckpoint(note, [verifier]).keyIds.length > 0;
  } catch {
    return false;
  }
}
