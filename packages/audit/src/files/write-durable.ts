import { rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { SegmentFileSystem } from '../segment/segment-file-system.ts';

/**
 * Replaces a small file in one step: temporary file, sync, rename, sync of the directory. Who reads it, even after a crash, sees
 * the old content or the new one. Mode 0600.
 */
export async function writeDurable(path: string, text: string, fileSystem: SegmentFileSystem): Promise<void> {
  await writeRenamed(path, text, fileSystem);
  await fileSystem.syncDirectory(dirname(path));
}

/** The same without the sync of the directory: the name is durable with the next one of somebody else. */
export async function writeRenamed(path: string, text: string, fileSystem: SegmentFileSystem): Promise<void> {
  const draft = `${path}.new`;
  await rm(draft, { force: true });
  const file = await fileSystem.create(draft);
  try {
    const bytes = Buffer.from(text, 'utf8');
    for (let offset = 0; offset < bytes.length;) {
      const written = await file.write(bytes, offset);
      if (written <= 0) throw new Error('the system wrote nothing');
      offset += written;
    }
    await file.datasync();
    await file.close();
    await rename(draft, path);
  } catch (error) {
    await file.close().catch(() => undefined);
    await rm(draft, { force: true }).catch(() => undefined);
    throw error;
  }
}
