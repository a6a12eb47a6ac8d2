import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatCheckpoint } from '../../src/checkpoint/checkpoint-body.ts';
import { formatFrontier } from '../../src/checkpoint/frontier-file.ts';
import { signNote } from '../../src/note/signed-note.ts';
import { createSigningKey, type SigningKey } from '../../src/note/signer.ts';
import { segmentName } from '../../src/segment/segment-name.ts';
import { createTree, type Tree } from '../../src/tree/tree.ts';

export const stream = 'pod-a';
export const origin = `https://mcp.example.com/${stream}`;
const boot = 'b0070000-0000-4000-8000-000000000000';

export function keyOf(number: number, name = origin): SigningKey {
  return createSigningKey(name, Buffer.alloc(32, number));
}

export const signingKey: SigningKey = keyOf(1);

/** The fields of a record that a test says something about. */
export type Fields = Readonly<Record<string, unknown>>;

/** The line of a record, without its line feed. */
export function lineOf(seq: number, fields: Fields = {}): string {
  return JSON.stringify({
    v: 1,
    id: `01a1fb66-0000-7000-8000-${String(seq).padStart(12, '0')}`,
    type: 'request.refused',
    at: new Date(Date.parse('2026-11-20T21:00:00.000Z') + seq * 10).toISOString(),
    monoNs: String(1_000_000_000 + seq * 10_000_000),
    boot,
    stream,
    seq,
    ...fields,
  });
}

const callOf = (seq: number): string => `00000000-0000-4000-8000-${String(seq).padStart(12, '0')}`;

/** A decision that allows, and its outcome. */
export function allowed(seq: number): readonly Fields[] {
  const call = callOf(seq);
  return [
    {
      type: 'mcp.decision',
      call,
      decision: { effect: 'allow', rule: 'tools.echo' },
      redaction: { level: 'metadata', bytes: 2 },
    },
    { type: 'mcp.outcome', call, outcome: { status: 'ok', httpStatus: 200 } },
  ];
}

/** The records of a usual segment: a start, some calls, and a refusal. */
export function usual(firstSeq: number, count: number): readonly Fields[] {
  const records: Fields[] = [{ type: firstSeq === 0 ? 'audit.started' : 'audit.rotated', detail: { pid: 1 } }];
  while (records.length < count - 2) records.push(...allowed(firstSeq + records.length));
  while (records.length < count) records.push({ decision: { effect: 'deny', reason: 'no_token' } });
  return records;
}

export interface SignedLogOptions {
  /** Records of each segment. */
  readonly segments: readonly (readonly Fields[])[];
  /** Signs the checkpoint of a segment; `undefined` for none. Default always `signingKey`. */
  readonly signer?: (segment: number) => SigningKey | undefined;
  /** Whether the public key lies beside the log. Default true. */
  readonly publicKey?: boolean;
  /** What each line is turned into before it is written and hashed. */
  readonly change?: (line: string, seq: number) => string;
  readonly firstSeq?: number;
}

export interface SignedLog {
  readonly tree: Tree;
  /** Files of the segments. */
  readonly files: readonly string[];
  /** Checkpoint of each segment, and of every size. */
  readonly checkpointAt: (size: number) => string;
}

/** Writes a log as the writer does, with its evidence. */
export function writeSignedLog(directory: string, options: SignedLogOptions): SignedLog {
  const { segments, signer = () => signingKey, publicKey = true, change = (line) => line, firstSeq = 0 } = options;
  const tree = createTree();
  const checkpoints = new Map<number, string>();
  const files: string[] = [];
  let seq = 0;
  for (const [index, records] of segments.entries()) {
    const { file } = segmentName(stream, seq);
    const base = join(directory, file.replace(/\.jsonl$/, ''));
    const kept = seq >= firstSeq;
    if (kept) writeFileSync(`${base}.frontier`, formatFrontier(tree.frontier()));
    let text = '';
    const key = signer(index);
    for (const fields of records) {
      const line = change(lineOf(seq, fields), seq);
      tree.appendLine(Buffer.from(line));
      text += `${line}\n`;
      seq += 1;
      if (key !== undefined) checkpoints.set(seq, checkpointOf(tree, key));
    }
    if (kept) {
      writeFileSync(base.concat('.jsonl'), text);
      files.push(file);
    }
    // Of what retention deletes the checkpoint stays.
    const checkpoint = checkpoints.get(seq);
    if (checkpoint !== undefined && seq >= firstSeq) writeFileSync(`${base}.checkpoint`, checkpoint);
    if (key !== undefined && publicKey) {
      writeFileSync(
        join(directory, `signing-${stream}${key === signingKey ? '' : `+${key.keyId}`}.pub`),
        `${key.verifier.vkey}\n`,
      );
    }
  }
  return { tree, files, checkpointAt: (size) => checkpoints.get(size) ?? checkpointOf(createTree(), signingKey) };
}

/** The signed checkpoint of a tree. */
export function checkpointOf(tree: Tree, key: SigningKey = signingKey): string {
  return signNote(formatCheckpoint({ origin: key.name, size: tree.size, root: tree.root() }), [key]);
}

/** Changes a file of the log. */
export function edit(directory: string, file: string, change: (text: string) => string): void {
  const path = join(directory, file);
  writeFileSync(path, change(readFileSync(path, 'utf8')));
}

/** Changes the lines of a segment. */
export function editLines(directory: string, file: string, change: (lines: string[]) => string[]): void {
  edit(directory, file, (text) =>
    change(text.trimEnd().split('\n'))
      .map((line) => `${line}\n`)
      .join(''),
  );
}
