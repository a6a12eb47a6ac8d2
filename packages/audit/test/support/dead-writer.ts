import { createKeyedHash, createRecordBuilder, type AuditEntry } from '@sallyport/core';
import { packRecord } from '../../src/segment/record-line.ts';
import { nodeSegmentFileSystem } from '../../src/segment/segment-file-system.ts';
import { SegmentStore } from '../../src/segment/segment-store.ts';

/** Writes segments as a process does that dies without closing its log: no lock is left to judge by. */
export class DeadWriter {
  readonly store: SegmentStore;
  readonly #build: (entry: AuditEntry) => ReturnType<typeof packRecord>;

  constructor(directory: string, stream: string, nextSeq = 0) {
    const hash = createKeyedHash(new Uint8Array(32).fill(7));
    const builder = createRecordBuilder({ stream, hash, level: 'metadata' });
    this.#build = (entry) => packRecord(builder.build(entry, 0));
    this.store = new SegmentStore({ directory, stream, nextSeq, fileSystem: nodeSegmentFileSystem });
  }

  /** A new segment; returns its file name. */
  async begin(...entries: AuditEntry[]): Promise<string> {
    await this.store.begin(entries.map(this.#build));
    return this.store.current ?? '';
  }

  async append(...entries: AuditEntry[]): Promise<void> {
    await this.store.append(entries.map(this.#build));
  }
}

export const started: AuditEntry = { type: 'audit.started' };

export function stopped(open = 0): AuditEntry {
  return { type: 'audit.stopped', detail: { open } };
}
