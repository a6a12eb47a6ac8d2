import { logEvent, type OperationalLogger } from '@sallyport/core';
import { openRegular } from '../files/open-regular.ts';
import { readAnchoredNotes } from '../anchor/file-anchor.ts';
import { errorCode, errorText } from '../log/error-code.ts';
import { parseNote } from '../note/signed-note.ts';
import type { NoteVerifier } from '../note/verifier-key.ts';
import { readLines } from '../segment/read-lines.ts';
import { parseCheckpoint } from './checkpoint-body.ts';
import { openCheckpoint } from './read-checkpoint.ts';
import type { AnchoredCheckpoint } from './restore-tree.ts';

export interface AnchoredCheckpointOptions {
  readonly stream: string;
  /** Origin of the checkpoints. */
  readonly name: string;
  readonly anchorFiles?: readonly string[];
  readonly log: OperationalLogger;
}

/** So much of the end of a file is looked at before all of it. */
const tailBytes = 4 * 1024 * 1024;

/**
 * The newest checkpoint of the stream that its file anchors hold and that a known key has signed. One that can not be read is said, and is no
 * reason not to start.
 */
export async function anchoredCheckpoint(
  { stream, name, anchorFiles = [], log }: AnchoredCheckpointOptions,
  verifiers: readonly NoteVerifier[],
): Promise<AnchoredCheckpoint | undefined> {
  let newest: AnchoredCheckpoint | undefined;
  for (const path of anchorFiles) {
    try {
      const { found, unknown } = await search(path, name, verifiers);
      if (found === undefined && unknown) {
        logEvent(log, 'sallyport.audit.anchor_unknown_keys', { stream, anchor: path });
      }
      if (found !== undefined && found.size > (newest?.size ?? 0)) newest = found;
    } catch (error) {
      if (errorCode(error) === 'ENOENT') continue;
      logEvent(log, 'sallyport.audit.anchor_unreadable', { stream, anchor: path, error: errorText(error) });
    }
  }
  return newest;
}

interface Search {
  found: AnchoredCheckpoint | undefined;
  /** Whether there are checkpoints of the log that no known key has signed. */
  unknown: boolean;
}

async function search(path: string, name: string, verifiers: readonly NoteVerifier[]): Promise<Search> {
  const result: Search = { found: undefined, unknown: false };
  const { text, whole } = await readTail(path);
  for (const note of readAnchoredNotes(text)) see(note, path, name, verifiers, result);
  if (whole || result.found !== undefined || result.unknown) return result;
  for await (const lines of readLines(path)) {
    for (const { bytes } of lines) {
      if (!bytes.includes(name)) continue;
      for (const note of readAnchoredNotes(bytes.toString('utf8'))) see(note, path, name, verifiers, result);
    }
  }
  return result;
}

function see(note: string, path: string, name: string, verifiers: readonly NoteVerifier[], result: Search): void {
  try {
    if (parseCheckpoint(parseNote(note).text).origin !== name) return;
  } catch {
    return;
  }
  try {
    const { size, root } = openCheckpoint(note, verifiers);
    if (size > (result.found?.size ?? 0)) result.found = { size, root, path };
  } catch {
    result.unknown = true;
  }
}

async function readTail(path: string): Promise<{ readonly text: string; readonly whole: boolean }> {
  const handle = await openRegular(path);
  try {
    const { size } = await handle.stat();
    const from = Math.max(0, size - tailBytes);
    const bytes = Buffer.alloc(size - from);
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, from);
    return { text: bytes.toString('utf8', 0, bytesRead), whole: from === 0 };
  } finally {
    await handle.close();
  }
}
