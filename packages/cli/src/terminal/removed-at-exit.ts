import { rmSync } from 'node:fs';

const paths = new Set<string>();

/**
 * A file or folder that must not outlive the process, however it ends in order. Returns what to call when it is gone, or meant to stay.
 */
export function removedAtExit(path: string): () => void {
  if (paths.size === 0) process.on('exit', removeAll);
  paths.add(path);
  return () => {
    paths.delete(path);
    if (paths.size === 0) process.off('exit', removeAll);
  };
}

function removeAll(): void {
  for (const path of paths) {
    try {
      rmSync(path, { recursive: true, force: true });
    } catch {
      // The others are still to be removed, and nobody can be told.
    }
  }
}
