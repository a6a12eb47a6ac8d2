import type { SegmentFile, SegmentFileSystem } from '../../src/index.ts';
import { nodeSegmentFileSystem } from '../../src/segment/segment-file-system.ts';

/** A disk that fails on request: the real one behind it holds what was written. */
export class FaultyDisk implements SegmentFileSystem {
  /** Error of every `create` while set. */
  createError: string | undefined;
  /** Error of every write while set. */
  writeError: string | undefined;
  /** Bytes that a failing write still leaves in the file. */
  tornBytes = 0;
  /** Error of every `datasync` while set; what was written stays. */
  syncError: string | undefined;
  /** Error of every sync of a directory while set; the names in it stay. */
  directoryError: string | undefined;
  /** While set, the name of no segment is that of its file: it was removed or moved. */
  nameless = false;
  /** Most bytes a single write takes. */
  shortWrite: number = Number.POSITIVE_INFINITY;
  /** While set, no write returns. */
  held: Promise<void> | undefined;
  /** Of segments; the small files of the evidence do not count. */
  readonly created: string[] = [];
  writes = 0;
  syncs = 0;

  /** Fails every operation from now on. */
  fail(code: string): void {
    this.createError = code;
    this.writeError = code;
    this.syncError = code;
    this.directoryError = code;
  }

  repair(): void {
    this.createError = undefined;
    this.writeError = undefined;
    this.syncError = undefined;
    this.directoryError = undefined;
    this.nameless = false;
  }

  async syncDirectory(directory: string): Promise<void> {
    if (this.directoryError !== undefined) throw systemError(this.directoryError);
    await nodeSegmentFileSystem.syncDirectory(directory);
  }

  async create(path: string): Promise<SegmentFile> {
    if (this.createError !== undefined) throw systemError(this.createError);
    const file = await nodeSegmentFileSystem.create(path);
    const counts = path.includes('.jsonl') ? 1 : 0;
    if (counts === 1) this.created.push(path);
    return {
      write: async (bytes, offset) => {
        this.writes += counts;
        await this.held;
        if (this.writeError !== undefined) {
          if (this.tornBytes > 0) await file.write(bytes.subarray(0, offset + this.tornBytes), offset);
          throw systemError(this.writeError);
        }
        return file.write(bytes.subarray(0, Math.min(bytes.length, offset + this.shortWrite)), offset);
      },
      datasync: async () => {
        this.syncs += counts;
        if (this.syncError !== undefined) throw systemError(this.syncError);
        await file.datasync();
      },
      isAt: (at) => !(counts === 1 && this.nameless) && file.isAt(at),
      close: () => file.close(),
    };
  }
}

function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: caused by the test`), { code });
}
