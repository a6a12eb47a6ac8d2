import { randomUUID } from 'node:crypto';
import {
  type AuditEntry,
  type AuditLevel,
  type AuditRecord,
  type Clock,
  createKeyedHash,
  createRecordBuilder,
  logEvent,
  type OperationalLogger,
  type Steps,
} from '@sallyport/core';
import { hashKeyId, shareHashKeyIds } from '../keys/hash-key-id.ts';
import { keepHashKey, loadHashKey } from '../keys/hash-key.ts';
import { keyRotatedEntry } from '../keys/key-rotation.ts';

export interface RecordBuildersOptions {
  readonly stream: string;
  readonly level: AuditLevel;
  readonly hashKey?: string | Uint8Array;
  readonly pseudonymizeSubjects?: boolean;
  readonly clock: Clock;
  readonly log: OperationalLogger;
}

/** Makes the records of one stream. The number is given when a record is written. */
export interface StreamBuilder {
  readonly build: (entry: AuditEntry) => AuditRecord;
  readonly buildInSteps: (entry: AuditEntry) => Steps<AuditRecord>;
}

export interface RecordBuilders {
  of(stream: string): StreamBuilder;
  /** What the first segment has to say about keys. */
  readonly entries: readonly AuditEntry[];
  /** To be called when that is durable. */
  confirm(): Promise<void>;
}

/** Gets the builders ready for a directory of the log. The hash key is that of the first directory that is asked for. */
export type PrepareBuilders = (directory: string) => Promise<RecordBuilders>;

/** @throws SetupError `ERR_AUDIT_KEY`, when the builders are prepared */
export function createBuilders(options: RecordBuildersOptions): PrepareBuilders {
  let first: { readonly directory: string; readonly key: Uint8Array; readonly builders: RecordBuilders } | undefined;
  const { stream, hashKey } = options;
  return async (directory) => {
    if (first === undefined) {
      const { key, builders } = await prepare(directory, options);
      first = { directory, key, builders };
    } else if (first.directory !== directory) {
      // Whichever copy is there at the next start has the key.
      if (hashKey === undefined) await keepHashKey(directory, stream, first.key, options.log);
      await shareHashKeyIds(first.directory, directory, stream);
    }
    return first.builders;
  };
}

async function prepare(
  directory: string,
  { stream, level, hashKey, pseudonymizeSubjects = false, clock, log }: RecordBuildersOptions,
): Promise<{ readonly key: Uint8Array; readonly builders: RecordBuilders }> {
  const { key, origin, file } = await loadHashKey(directory, stream, hashKey);
  if (origin === 'generated') {
    logEvent(log, 'sallyport.audit.hash_key_generated', { file });
  }
  const id = await hashKeyId(directory, stream, key);
  const { keyId, rotated } = id;
  if (rotated !== undefined) {
    logEvent(log, 'sallyport.audit.hash_key_changed', { stream, old: rotated.old, new: rotated.new });
  }
  const hash = createKeyedHash(key, { keyId });
  const boot = randomUUID();
  const builders = {
    entries: rotated === undefined ? [] : [keyRotatedEntry(rotated)],
    confirm: () => id.confirm(),
    of(name: string): StreamBuilder {
      const builder = createRecordBuilder({ stream: name, hash, level, pseudonymizeSubjects, clock, boot });
      return {
        build: (entry) => builder.build(entry, 0),
        buildInSteps: (entry) => builder.buildInSteps(entry, 0),
      };
    },
  };
  return { key, builders };
}
