import { statSync } from 'node:fs';
import { copyFile, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SegmentFile, SegmentFileSystem } from '../../src/index.ts';
import { nodeSegmentFileSystem } from '../../src/segment/segment-file-system.ts';

/** A file that was written through the disk, also when its name has gone to another one since. */
interface WrittenFile {
  content: Buffer;
  /** Bytes that a sync has confirmed. */
  durable: number;
}

/** What a power cut at one moment would leave of a directory: by name the content, or `undefined` for a file of somebody else. */
export type Snapshot = ReadonlyMap<string, Buffer | undefined>;

/**
 * A disk that knows what would survive a power cut: of a file the bytes that a sync has confirmed, of a name what a sync of the
 * directory has confirmed. Everything else is gone.
 */
export class PowerCutDisk implements SegmentFileSystem {
  readonly #byInode: Map<number, WrittenFile> = new Map();
  #names: ReadonlyMap<string, WrittenFile | undefined> = new Map();
  #begun = 0;
  #confirmed = 0;
  readonly #early: boolean;

  /** `early`: a sync answers before the disk has done anything, as a store would that does not wait for it. */
  constructor(early = false) {
    this.#early = early;
  }

  snapshot(): Snapshot {
    return new Map([...this.#names].map(([name, file]) => [name, file?.content.subarray(0, file.durable)]));
  }

  async create(path: string): Promise<SegmentFile> {
    const file = await nodeSegmentFileSystem.create(path);
    const written: WrittenFile = { content: Buffer.alloc(0), durable: 0 };
    this.#byInode.set(statSync(path).ino, written);
    const sync = async (): Promise<void> => {
      const { length } = written.content;
      // A disk takes its time, in which others write.
      await new Promise((resolve) => setTimeout(resolve, 1));
      await file.datasync();
      written.durable = length;
    };
    return {
      async write(bytes, offset) {
        const taken = await file.write(bytes, offset);
        written.content = Buffer.concat([written.content, bytes.subarray(offset, offset + taken)]);
        return taken;
      },
      datasync: () => {
        const synced = sync();
        return this.#early ? Promise.resolve(void synced.catch(() => undefined)) : synced;
      },
      isAt: (at) => file.isAt(at),
      close: () => file.close(),
    };
  }

  async syncDirectory(directory: string): Promise<void> {
    this.#begun += 1;
    const number = this.#begun;
    const names = new Map<string, WrittenFile | undefined>();
    for (const name of await readdir(directory)) {
      try {
        names.set(name, this.#byInode.get(statSync(join(directory, name)).ino));
      } catch {
        // Gone since it was listed.
      }
    }
    await nodeSegmentFileSystem.syncDirectory(directory);
    // One that began earlier and ends later takes nothing back.
    if (number < this.#confirmed) return;
    this.#confirmed = number;
    this.#names = names;
  }
}

/** Makes a directory as a power cut at that moment would have left it. */
export async function afterPowerCut(directory: string, snapshot: Snapshot, target: string): Promise<void> {
  await mkdir(target);
  for (const [name, content] of snapshot) {
    if (name.endsWith('.lock')) continue;
    // Keys are written by others, who sync them themselves.
    if (content === undefined) await copyFile(join(directory, name), join(target, name));
    else await writeFile(join(target, name), content, { mode: 0o600 });
  }
}
