import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncDirectory } from '../segment/sync-directory.ts';
import type { CheckpointAnchor } from './checkpoint-anchor.ts';

export interface FileAnchorOptions {
  /** Absolute path; the file is made when missing, its folder is not. */
  readonly path: string;
  readonly intervalSeconds?: number;
}

const flags = constants.O_RDWR | constants.O_CREAT | constants.O_APPEND | constants.O_NOFOLLOW;

/**
 * Appends checkpoints to a file on another mount, one JSON object a line: `{"v":1,"at":…,"note":…}`. It is opened for each, so
 * that it may be moved away; it is durable when `publish` resolves.
 */
export function createFileAnchor({ path, intervalSeconds }: FileAnchorOptions): CheckpointAnchor {
  return {
    name: path,
    ...(intervalSeconds !== undefined && { intervalSeconds }),
    async publish(note) {
      const handle = await open(path, flags, 0o600);
      try {
        const { size } = await handle.stat();
        const line = `${JSON.stringify({ v: 1, at: new Date().toISOString(), note })}\n`;
        // What a crash left unfinished must not swallow this one.
        const text = size === 0 || (await endsWithLineFeed(handle, size)) ? line : `\n${line}`;
        await handle.appendFile(text);
        await handle.datasync();
        if (size === 0) await syncDirectory(dirname(path));
      } finally {
        await handle.close();
      }
    },
  };
}

async function endsWithLineFeed(handle: FileHandle, size: number): Promise<boolean> {
  const last = Buffer.alloc(1);
  const { bytesRead } = await handle.read(last, 0, 1, size - 1);
  return bytesRead === 1 && last[0] === 0x0a;
}

/** The signed notes that a file anchor holds, oldest first. Lines that are none are left out: one may be unfinished. */
export function readAnchoredNotes(text: string): string[] {
  const notes: string[] = [];
  for (const line of text.split('\n')) {
    try {
      const value: unknown = JSON.parse(line);
      if (typeof value === 'object' && value !== null && 'note' in value && typeof value.note === 'string') {
        notes.push(value.note);
      }
    } catch {
      // An unfinished line, or nothing.
    }
  }
  return notes;
}
