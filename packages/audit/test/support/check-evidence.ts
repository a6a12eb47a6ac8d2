import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openNote, parseCheckpoint, parseVerifierKey, type Checkpoint } from '../../src/index.ts';

const sha256 = (...parts: Uint8Array[]): Buffer => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/** Root of these lines, as the definition of RFC 6962 has it: slow, and nothing of it is shared with what is tested. */
export function rootOfLines(lines: readonly Uint8Array[]): Buffer {
  const [only] = lines;
  if (only === undefined) return sha256();
  if (lines.length === 1) return sha256(Buffer.of(0), only);
  const split = 2 ** Math.floor(Math.log2(lines.length - 1));
  return sha256(Buffer.of(1), rootOfLines(lines.slice(0, split)), rootOfLines(lines.slice(split)));
}

/** The lines of a stream that were acknowledged, without their line feeds. */
export async function linesOf(directory: string, stream = 'pod-a'): Promise<Buffer[]> {
  const files = await namesOf(directory, stream, '.jsonl');
  const lines: Buffer[] = [];
  for (const [index, file] of files.entries()) {
    const content = await readFile(join(directory, file));
    const end = files[index + 1];
    const limit = end === undefined ? Number.POSITIVE_INFINITY : firstSeqOf(end);
    for (let from = 0; from < content.length;) {
      const to = content.indexOf(0x0a, from);
      if (to === -1) break;
      if (lines.length < limit) lines.push(content.subarray(from, to));
      from = to + 1;
    }
  }
  return lines;
}

export interface SeenEvidence {
  readonly checkpoints: readonly (Checkpoint & { readonly firstSeq: number; readonly keyIds: readonly string[] })[];
  /** First numbers of the segments that have a frontier. */
  readonly frontiers: readonly number[];
}

/** Opens every checkpoint and frontier of a stream and compares it with the lines; throws when one does not fit. */
export async function checkEvidence(directory: string, stream = 'pod-a'): Promise<SeenEvidence> {
  const lines = await linesOf(directory, stream);
  const keys = (await readdir(directory)).filter((name) => /^signing-.*\.pub$/.test(name) && name.includes(stream));
  const texts = await Promise.all(keys.map((name) => readFile(join(directory, name), 'utf8')));
  const verifiers = texts.map(parseVerifierKey);
  const checkpoints: SeenEvidence['checkpoints'][number][] = [];
  for (const name of await namesOf(directory, stream, '.checkpoint')) {
    const { text, verified } = openNote(await readFile(join(directory, name)), verifiers);
    const checkpoint = parseCheckpoint(text);
    const { size, root } = checkpoint;
    if (size > lines.length) throw new Error(`${name} is of ${size} records, there are ${lines.length}`);
    if (!rootOfLines(lines.slice(0, size)).equals(root)) throw new Error(`${name} has another root`);
    checkpoints.push({ ...checkpoint, firstSeq: firstSeqOf(name), keyIds: verified.map(({ keyId }) => keyId) });
  }
  const frontiers: number[] = [];
  for (const name of await namesOf(directory, stream, '.frontier')) {
    const { size, hashes } = JSON.parse(await readFile(join(directory, name), 'utf8')) as {
      size: number;
      hashes: string[];
    };
    if (size !== firstSeqOf(name)) throw new Error(`${name} is of ${size}`);
    const [last, ...rest] = hashes.map((hash) => Buffer.from(hash, 'base64')).toReversed();
    const merge = (right: Uint8Array, left: Uint8Array): Uint8Array => sha256(Buffer.of(1), left, right);
    const root = last === undefined ? sha256() : rest.reduce(merge, last);
    if (!rootOfLines(lines.slice(0, size)).equals(root)) throw new Error(`${name} has another root`);
    frontiers.push(size);
  }
  return { checkpoints, frontiers };
}

export async function namesOf(directory: string, stream: string, ending: string): Promise<string[]> {
  const names = await readdir(directory);
  const wanted = names.filter((name) => name.startsWith(`audit-${stream}-`) && name.endsWith(ending));
  return wanted.toSorted();
}

function firstSeqOf(name: string): number {
  return Number(/([0-9]{20})\.[a-z]+$/.exec(name)?.[1]);
}
