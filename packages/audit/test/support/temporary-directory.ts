import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A directory on disk for one test, gone afterwards. */
export async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'sallyport-audit-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}
