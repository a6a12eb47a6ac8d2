import { type Observer, tell } from '@sallyport/core';
import type { SegmentFileSystem } from './segment-file-system.ts';

/** The same disk, with an observer that is told how long each sync of a segment took. */
export function timedFileSystem(fileSystem: SegmentFileSystem, observer: Observer): SegmentFileSystem {
  return {
    async create(path) {
      const file = await fileSystem.create(path);
      // The small files of the evidence keep nobody waiting.
      if (!path.includes('.jsonl')) return file;
      return {
        write: (bytes, offset) => file.write(bytes, offset),
        async datasync() {
          const begin = performance.now();
          await file.datasync();
          tell(observer, { type: 'audit.synced', durationMs: performance.now() - begin });
        },
        isAt: (at) => file.isAt(at),
        close: () => file.close(),
      };
    },
    syncDirectory: (directory) => fileSystem.syncDirectory(directory),
  };
}
