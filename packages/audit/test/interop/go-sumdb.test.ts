import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import {
  consistencyProof,
  createSigningKey,
  formatCheckpoint,
  inclusionProof,
  leafHash,
  openAuditLog,
  rootOf,
  rotateSigningKey,
  signNote,
} from '../../src/index.ts';
import { linesOf, namesOf } from '../support/check-evidence.ts';
import { deny } from '../support/entries.ts';
import { flipped, leavesOf } from '../support/leaves.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { buildGoVerifier, type GoInput, type GoVerifier } from './go-verifier.ts';

let go: GoVerifier | undefined;
const key = createSigningKey('log.example/pod-a', Buffer.alloc(32, 1));
const base64 = (hashes: readonly Uint8Array[]): string[] => hashes.map((hash) => Buffer.from(hash).toString('base64'));

beforeAll(async () => {
  const built = await buildGoVerifier();
  if ('verify' in built) go = built;
  else
    process.stderr.write(
      `not proved here: interoperation needs golang-go and golang-golang-x-mod-dev (${built.missing})\n`,
    );
}, 120_000);
afterAll(() => go?.close());

/** What Go says; nothing where there is no Go, which `beforeAll` has said. */
async function asked(input: GoInput): Promise<string | undefined> {
  const answer = await go?.verify(input);
  return answer === undefined ? undefined : (answer.problem ?? 'ok');
}

async function expectOk(input: GoInput): Promise<void> {
  expect(await asked(input)).toBe(go === undefined ? undefined : 'ok');
}

/** A tree of so many leaves with every proof in it. */
function everything(size: number): GoInput & Required<Pick<GoInput, 'inclusion' | 'consistency'>> {
  const leaves = leavesOf(size);
  const root = rootOf(leaves);
  const lines = Array.from({ length: size }, (_, index) => `{"seq":${index}}`);
  return {
    verifiers: [key.verifier.vkey],
    note: signNote(formatCheckpoint({ origin: key.name, size, root }), [key]),
    signatures: 1,
    lines,
    inclusion: lines.map((line, index) => ({ index, line, proof: base64(inclusionProof(leaves, index)) })),
    // Go knows no proofs about an empty tree.
    consistency: Array.from({ length: size - 1 }, (_, index) => index + 1).map((first) => ({
      size: first,
      root: rootOf(leaves, 0, first).toString('base64'),
      proof: base64(consistencyProof(leaves, first)),
    })),
  };
}

describe('the implementation of the Go project', () => {
  test.each([1, 2, 3, 7, 8, 9, 64, 100])(
    'accepts the checkpoint and every proof of a tree of %i records',
    async (size) => {
      await expectOk(everything(size));
    },
  );

  test('accepts what a log left on disk, across a restart and a rotation of its key', async () => {
    const directory = await temporaryDirectory();
    for (let round = 0; round < 2; round++) {
      const log = await openAuditLog({ directory, stream: 'pod-a', origin: 'log.example' });
      onTestFinished(() => log.close());
      for (let index = 0; index < 10; index++) await log.append(deny());
      await log.close();
      if (round === 0) await rotateSigningKey(directory, 'pod-a');
    }
    const read = (name: string): Promise<string> => readFile(join(directory, name), 'utf8');
    const lines = (await linesOf(directory)).map((line) => line.toString('utf8'));
    const leaves = lines.map((line) => leafHash(Buffer.from(line)));
    const [first, second] = await namesOf(directory, 'pod-a', '.checkpoint');
    const [before, after] = [await read(first ?? ''), await read(second ?? '')];
    const size = Number(before.split('\n')[1]);
    const current = (await read('signing-pod-a.pub')).trim();
    await expectOk({
      verifiers: [current],
      note: after,
      signatures: 1,
      lines,
      inclusion: [{ index: 3, line: lines[3] ?? '', proof: base64(inclusionProof(leaves, 3)) }],
      consistency: [{ size, root: before.split('\n')[2] ?? '', proof: base64(consistencyProof(leaves, size)) }],
    });
    const former = (await namesOfKeys(directory, '.pub')).map(read);
    const [handover] = await namesOfKeys(directory, '.handover');
    const keys = (await Promise.all(former)).map((vkey) => vkey.trim());
    await expectOk({ verifiers: [...keys, current], note: await read(handover ?? ''), signatures: 2 });
  });

  test('refuses what we refuse: a flipped bit, another line, another key', async () => {
    if (go === undefined) return;
    const good = everything(9);
    const [one] = good.inclusion;
    if (one === undefined) throw new Error('no proof');
    const proof = one.proof.map((hash, index) =>
      index === 1 ? (base64([flipped(Buffer.from(hash, 'base64'), 9)])[0] ?? '') : hash,
    );
    expect(await asked({ ...good, inclusion: [{ ...one, proof }] })).toContain('record 0');
    expect(await asked({ ...good, inclusion: [{ ...one, line: 'another' }] })).toContain('record 0');
    expect(await asked({ ...good, lines: good.lines?.toReversed() ?? [] })).toContain('the lines have the root');
    expect(await asked({ ...good, note: good.note.replace('\n9\n', '\n8\n') })).toContain('note');
    const other = createSigningKey(key.name, Buffer.alloc(32, 2)).verifier.vkey;
    expect(await asked({ ...good, verifiers: [other] })).toContain('note');
  });
});

async function namesOfKeys(directory: string, ending: string): Promise<string[]> {
  return (await readdir(directory)).filter((name) => name.includes('+') && name.endsWith(ending));
}
