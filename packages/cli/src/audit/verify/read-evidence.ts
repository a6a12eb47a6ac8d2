import { readFile } from 'node:fs/promises';
import { readAnchoredNotes, readPinnedKeys, type HeldCheckpoint } from '@sallyport/audit';
import { SetupError } from '@sallyport/core';

/** As given on the command line. */
export interface GivenEvidence {
  readonly keys: readonly string[];
  readonly checkpoints: readonly string[];
  readonly witnesses: readonly string[];
}

/** What was given, read from its files. */
export interface Evidence {
  readonly keys: readonly string[];
  readonly checkpoints: readonly HeldCheckpoint[];
  readonly witnesses: readonly string[];
}

/** @throws SetupError `ERR_CLI_USAGE` when a file can not be read */
export async function readEvidence(given: GivenEvidence): Promise<Evidence> {
  const [keys, checkpoints, witnesses] = await Promise.all([
    readKeys(given.keys),
    readCheckpoints(given.checkpoints),
    readWitnesses(given.witnesses),
  ]);
  return { keys, checkpoints, witnesses };
}

/** Verifier keys as they are given on the command line: each the key itself, or a file with one a line. */
async function readKeys(given: readonly string[]): Promise<string[]> {
  const keys = await Promise.all(
    given.map(async (one) => (looksLikeKey(one) ? [one] : (await readPinnedKeys(one)).map(({ vkey }) => vkey))),
  );
  return keys.flat();
}

/** Keys of witnesses: each the key itself, or a file with one a line. What they are worth is looked at where they are used. */
async function readWitnesses(given: readonly string[]): Promise<string[]> {
  const keys = await Promise.all(
    given.map(async (one) => (looksLikeKey(one) ? [one] : linesOf(await readText(one, 'witness key')))),
  );
  return keys.flat();
}

/** Checkpoints that were held outside: each file is one checkpoint, or the file of an anchor with one a line. */
export async function readCheckpoints(files: readonly string[]): Promise<HeldCheckpoint[]> {
  const read = await Promise.all(
    files.map(async (source) => {
      const text = await readText(source, 'checkpoint');
      const notes = text.startsWith('{') ? readAnchoredNotes(text) : [text];
      return notes.map((note) => ({ source, note }));
    }),
  );
  return read.flat();
}

/**
 * A text file that was named on the command line.
 *
 * @throws SetupError `ERR_CLI_USAGE` when it can not be read.
 */
export async function readText(file: string, what: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new SetupError({
      code: 'ERR_CLI_USAGE',
      file,
      problem: `the ${what} can not be read (${cause instanceof Error ? cause.message : String(cause)})`,
      remedy: 'name a file that can be read',
      cause,
    });
  }
}

/** `<name>+<eight hexadecimal digits>+<Base64>`. */
function looksLikeKey(text: string): boolean {
  return /^[^+]+\+[0-9a-f]{8}\+/.test(text);
}

function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}
