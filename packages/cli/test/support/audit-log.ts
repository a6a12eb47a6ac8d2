import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSigningKey, createTree, formatCheckpoint, signNote, type SigningKey } from '@sallyport/audit';
import { onTestFinished } from 'vitest';
import { auditRecord, type RecordFields } from '../../../audit/test/support/story.ts';

export {
  actor,
  allowed,
  auditRecord,
  calls,
  closedStory,
  denied,
  observed,
  outcome,
  story,
  type RecordFields,
} from '../../../audit/test/support/story.ts';

/** A directory that is removed after the test. */
export async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'sallyport-cli-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

/** An audit directory with one stream of these records. */
export async function auditDirectory(
  records: readonly RecordFields[],
  options: { readonly stream?: string; readonly tail?: string } = {},
): Promise<string> {
  const directory = await temporaryDirectory();
  await writeSegment(directory, records, options);
  return directory;
}

/** Writes a segment; `tail` is put after its records as it is. */
export async function writeSegment(
  directory: string,
  records: readonly RecordFields[],
  { stream = 'pod-a', tail = '' }: { readonly stream?: string; readonly tail?: string } = {},
): Promise<void> {
  const lines = records.map((fields, seq) => `${JSON.stringify(auditRecord({ stream, seq, ...fields }))}\n`);
  await writeFile(join(directory, `audit-${stream}-${'0'.repeat(20)}.jsonl`), lines.join('') + tail);
}

/** Signs the logs of these tests. */
export const signingKey: SigningKey = createSigningKey('https://mcp.example.com/pod-a', Buffer.alloc(32, 1));

/** Gives the segment that `writeSegment` wrote the evidence a writer gives it. Returns the checkpoint. */
export async function signSegment(directory: string): Promise<string> {
  const base = join(directory, `audit-pod-a-${'0'.repeat(20)}`);
  const tree = createTree();
  for (const line of (await readFile(`${base}.jsonl`, 'utf8')).split('\n').slice(0, -1))
    tree.appendLine(Buffer.from(line));
  const checkpoint = signNote(formatCheckpoint({ origin: signingKey.name, size: tree.size, root: tree.root() }), [
    signingKey,
  ]);
  await writeFile(`${base}.frontier`, '{"v":1,"size":0,"hashes":[]}\n');
  await writeFile(`${base}.checkpoint`, checkpoint);
  await writeFile(join(directory, 'signing-pod-a.pub'), `${signingKey.verifier.vkey}\n`);
  return checkpoint;
}

/** Writes a config file that names the directory `audit` beside it. Returns its path. */
export async function writeLogConfig(folder: string, audit: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const config = join(folder, 'sallyport.config.json');
  const content = {
    resource: 'https://mcp.example.com/mcp',
    issuers: [{ issuer: 'https://login.example.com' }],
    card: './card.json',
    audit: { directory: './audit', stream: 'pod-a', ...audit },
  };
  await writeFile(config, JSON.stringify(content));
  return config;
}
