import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { signNote } from '../../src/note/signed-note.ts';
import { createTree } from '../../src/tree/tree.ts';
import { verifyAuditLog } from '../../src/verify/verify-audit-log.ts';
import type { VerifyAuditLogOptions } from '../../src/verify/verify-options.ts';
import type { VerifyReport } from '../../src/verify/verify-report.ts';
import {
  checkpointOf,
  edit,
  editLines,
  keyOf,
  lineOf,
  origin,
  signingKey,
  stream,
  usual,
  writeSignedLog,
  type SignedLog,
} from '../support/signed-log.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const pinned: VerifyAuditLogOptions = { keys: [signingKey.verifier.vkey] };
const three = [usual(0, 12), usual(12, 10), usual(22, 8)];

async function threeSegments(): Promise<SignedLog & { readonly directory: string }> {
  const directory = await temporaryDirectory();
  return { directory, ...writeSignedLog(directory, { segments: three }) };
}

const codes = (report: VerifyReport): string[] => report.findings.map(({ code }) => code).toSorted();
const verdicts = ({ content, signer, time, completeness, exitCode }: VerifyReport): string =>
  `content ${content} signer ${signer} time ${time} completeness ${completeness} exit ${exitCode}`;
const checkpointFile = (file: string | undefined): string => (file ?? '').replace('.jsonl', '.checkpoint');
const allPass = 'content PASS signer PASS time PASS completeness PASS exit 0';

describe('a log that nobody touched', () => {
  it('is confirmed in all four aspects when its key is pinned', async () => {
    const { directory } = await threeSegments();
    const report = await verifyAuditLog(directory, pinned);
    expect(report.findings).toEqual([]);
    expect(verdicts(report)).toBe(allPass);
    expect(report).toMatchObject({ records: 30, covered: 30, missing: 0, denies: 0, redactions: 12 });
    expect(report.streams).toMatchObject([
      { stream, firstSeq: 0, lastSeq: 29, segments: 3, signedBy: origin, checkpoint: { size: 30, result: 'matched' } },
    ]);
  });

  it('without a pinned key has an unconfirmed signer', async () => {
    const { directory } = await threeSegments();
    const report = await verifyAuditLog(directory);
    expect(codes(report)).toEqual(['key_unpinned']);
    expect(verdicts(report)).toBe('content PASS signer UNCONFIRMED time PASS completeness PASS exit 3');
  });

  it('whose public key is not there has an unknown signer', async () => {
    const directory = await temporaryDirectory();
    writeSignedLog(directory, { segments: three, publicKey: false });
    expect(codes(await verifyAuditLog(directory))).toEqual(['key_unknown']);
    expect((await verifyAuditLog(directory, pinned)).exitCode).toBe(0);
  });

  it('agrees with every checkpoint that was held outside', async () => {
    const { directory, checkpointAt } = await threeSegments();
    for (const size of [1, 5, 12, 17, 30]) {
      const checkpoints = [{ source: 'held', note: checkpointAt(size) }];
      const report = await verifyAuditLog(directory, { ...pinned, checkpoints });
      expect(codes(report)).toEqual(size === 30 ? [] : ['checkpoint_older']);
      expect(report.exitCode).toBe(0);
      expect(report.streams[0]?.external).toMatchObject({ source: 'held', size, result: 'matched' });
    }
  });

  it('that has no checkpoint at all is not confirmed by anybody', async () => {
    const directory = await temporaryDirectory();
    writeSignedLog(directory, { segments: three, signer: () => undefined });
    const report = await verifyAuditLog(directory, pinned);
    expect(codes(report)).toEqual(['no_checkpoint', 'unsigned']);
    expect(report.exitCode).toBe(3);
  });

  it('whose last records are not signed yet says so', async () => {
    const directory = await temporaryDirectory();
    writeSignedLog(directory, { segments: three, signer: (segment) => (segment === 2 ? undefined : signingKey) });
    const report = await verifyAuditLog(directory, pinned);
    expect(codes(report)).toEqual(['unsigned_tail']);
    expect(report).toMatchObject({ exitCode: 3, covered: 22, records: 30 });
  });

  it('of which retention deleted the beginning is confirmed, and says who deleted it', async () => {
    const directory = await temporaryDirectory();
    const declared = [{ type: 'audit.rotated', detail: { retainedFrom: 12 } }, ...usual(22, 8).slice(1)];
    writeSignedLog(directory, { segments: [three[0] ?? [], three[1] ?? [], declared], firstSeq: 12 });
    const report = await verifyAuditLog(directory, pinned);
    expect(codes(report)).toEqual(['retained']);
    expect(report).toMatchObject({ exitCode: 0, records: 18, covered: 18 });
    expect(report.streams[0]).toMatchObject({ firstSeq: 12, lastSeq: 29 });
  });

  it('whose beginning is missing without a word about it is not complete', async () => {
    const directory = await temporaryDirectory();
    const { checkpointAt } = writeSignedLog(directory, { segments: three, firstSeq: 12 });
    const checkpoints = [{ source: 'old', note: checkpointAt(5) }];
    const report = await verifyAuditLog(directory, { ...pinned, checkpoints });
    expect(codes(report)).toEqual(['checkpoint_before_log', 'no_beginning']);
    expect(report.exitCode).toBe(3);
  });
});

/** What an attacker does, and what verification calls it. */
const drills: readonly {
  readonly name: string;
  readonly damage: (log: SignedLog & { readonly directory: string }) => void;
  readonly finds: readonly string[];
  readonly exitCode: number;
}[] = [
  {
    name: 'a byte is changed',
    damage: ({ directory, files }) => edit(directory, files[1] ?? '', (text) => text.replace('"allow"', '"alloW"')),
    finds: ['altered', 'no_decision'],
    exitCode: 1,
  },
  {
    name: 'a value is changed to another good one',
    damage: ({ directory, files }) =>
      edit(directory, files[1] ?? '', (text) => text.replace('tools.echo', 'tools.evil')),
    finds: ['altered'],
    exitCode: 1,
  },
  {
    name: 'a line is made unreadable',
    damage: ({ directory, files }) => edit(directory, files[1] ?? '', (text) => text.replace('{"level"', '["level"')),
    finds: ['altered', 'no_decision', 'unparsable'],
    exitCode: 1,
  },
  {
    name: 'a line is deleted',
    damage: ({ directory, files }) => editLines(directory, files[0] ?? '', (lines) => lines.toSpliced(10, 1)),
    finds: ['deleted', 'not_covered', 'open_call'],
    exitCode: 1,
  },
  {
    name: 'a line is put in twice',
    damage: ({ directory, files }) =>
      editLines(directory, files[0] ?? '', (lines) => lines.toSpliced(11, 0, lines[10] ?? '')),
    finds: ['duplicate'],
    exitCode: 1,
  },
  {
    name: 'two lines change places',
    damage: ({ directory, files }) =>
      editLines(directory, files[0] ?? '', (lines) => [...lines.slice(0, 10), lines[11] ?? '', lines[10] ?? '']),
    finds: ['not_covered', 'reordered'],
    exitCode: 1,
  },
  {
    name: 'the end of the log is cut off',
    damage: ({ directory, files }) => editLines(directory, files[2] ?? '', (lines) => lines.slice(0, -2)),
    finds: ['open_call', 'truncated', 'unsigned_tail'],
    exitCode: 1,
  },
  {
    name: 'the end of a segment in the middle is cut off',
    damage: ({ directory, files }) => editLines(directory, files[1] ?? '', (lines) => lines.slice(0, -1)),
    finds: ['not_covered', 'truncated'],
    exitCode: 1,
  },
  {
    name: 'a segment in the middle is removed',
    damage: ({ directory, files }) => rmSync(join(directory, files[1] ?? '')),
    finds: ['missing_segment'],
    exitCode: 1,
  },
  {
    name: 'a segment in the middle is removed with its evidence',
    damage({ directory, files }) {
      const base = (files[1] ?? '').replace('.jsonl', '');
      for (const ending of ['jsonl', 'checkpoint', 'frontier']) rmSync(join(directory, `${base}.${ending}`));
    },
    finds: ['missing_segment'],
    exitCode: 1,
  },
  {
    name: 'two segments change places',
    damage({ directory, files: [, a = '', b = ''] }) {
      renameSync(join(directory, a), join(directory, 'x'));
      renameSync(join(directory, b), join(directory, a));
      renameSync(join(directory, 'x'), join(directory, b));
    },
    finds: ['swapped_segment', 'swapped_segment'],
    exitCode: 1,
  },
  {
    name: 'the checkpoints of two segments change places',
    damage({ directory, files }) {
      const [a, b] = [checkpointFile(files[1]), checkpointFile(files[2])];
      renameSync(join(directory, a), join(directory, 'x'));
      renameSync(join(directory, b), join(directory, a));
      renameSync(join(directory, 'x'), join(directory, b));
    },
    finds: ['checkpoint_order'],
    exitCode: 1,
  },
  {
    name: 'a signature is stripped',
    damage: ({ directory, files }) =>
      edit(directory, checkpointFile(files[2]), (text) => text.slice(0, text.indexOf('\u2014'))),
    finds: ['signature_missing', 'unsigned_tail'],
    exitCode: 1,
  },
  {
    name: 'a signature is changed',
    damage: ({ directory, files }) =>
      edit(directory, checkpointFile(files[2]), (text) => text.replace(/.{8}=\n$/, 'AAAAAAAA=\n')),
    finds: ['signature_invalid', 'unsigned_tail'],
    exitCode: 1,
  },
  {
    name: 'what was signed is changed',
    damage: ({ directory, files }) =>
      edit(directory, checkpointFile(files[2]), (text) => text.replace('\n30\n', '\n29\n')),
    finds: ['signature_invalid', 'unsigned_tail'],
    exitCode: 1,
  },
  {
    name: 'a checkpoint is replaced by one of another log',
    damage({ directory, files, tree }) {
      writeFileSync(
        join(directory, checkpointFile(files[2])),
        checkpointOf(tree, keyOf(1, 'https://other.example/pod-b')),
      );
    },
    finds: ['checkpoint_malformed', 'unsigned_tail'],
    exitCode: 1,
  },
  {
    name: 'the last checkpoint is removed',
    damage: ({ directory, files }) => rmSync(join(directory, checkpointFile(files[2]))),
    finds: ['unsigned_tail'],
    exitCode: 3,
  },
  {
    name: 'lines are appended that nobody signed',
    damage: ({ directory, files }) =>
      editLines(directory, files[2] ?? '', (lines) => [...lines, lineOf(30), lineOf(31)]),
    finds: ['unsigned_tail'],
    exitCode: 3,
  },
  {
    name: 'an unfinished line is appended',
    damage: ({ directory, files }) => edit(directory, files[2] ?? '', (text) => `${text}{"v":1,`),
    finds: ['torn_tail'],
    exitCode: 0,
  },
  {
    name: 'a segment in the middle has an unfinished line that nobody explains',
    damage: ({ directory, files }) => edit(directory, files[1] ?? '', (text) => `${text}{"v":1,`),
    finds: ['torn_unexplained'],
    exitCode: 1,
  },
  {
    name: 'a segment holds records beyond its end that nobody explains',
    damage: ({ directory, files }) => editLines(directory, files[1] ?? '', (lines) => [...lines, lineOf(22)]),
    finds: ['superseded'],
    exitCode: 1,
  },
  {
    name: 'a record of another stream is put in',
    damage: ({ directory, files }) =>
      editLines(directory, files[1] ?? '', (lines) => [...lines, lineOf(22, { stream: 'pod-b' })]),
    finds: ['foreign_record'],
    exitCode: 1,
  },
  {
    name: 'a file is put beside the log',
    damage: ({ directory }) => writeFileSync(join(directory, 'notes.txt'), 'hello'),
    finds: ['foreign_file'],
    exitCode: 0,
  },
  {
    name: 'a frontier is changed',
    damage: ({ directory, files }) =>
      edit(directory, (files[1] ?? '').replace('.jsonl', '.frontier'), (text) =>
        text.replace(/"hashes":\["..../, '"hashes":["AAAA'),
      ),
    finds: ['frontier_altered'],
    exitCode: 1,
  },
];

describe('it is noticed, under its own name, that', () => {
  for (const { name, damage, finds, exitCode } of drills) {
    // @verifies G-22
    it(name, async () => {
      const log = await threeSegments();
      damage(log);
      const report = await verifyAuditLog(log.directory, pinned);
      expect(codes(report)).toEqual(finds);
      expect(report.exitCode).toBe(exitCode);
    });
  }

  // @verifies G-22
  it('the log was replaced by another one under the same key: only a checkpoint from outside tells', async () => {
    const { directory, checkpointAt } = await threeSegments();
    const held = { source: 'held.checkpoint', note: checkpointAt(17) };
    for (const change of [(line: string) => line.replace('tools.echo', 'tools.evil')]) {
      writeSignedLog(directory, { segments: three, change });
      expect((await verifyAuditLog(directory, pinned)).exitCode).toBe(0);
      const report = await verifyAuditLog(directory, { ...pinned, checkpoints: [held] });
      expect(codes(report)).toEqual(['forked']);
      expect(report.exitCode).toBe(1);
    }
    writeSignedLog(directory, { segments: three.slice(0, 1) });
    for (const file of ['12', '22']) rmSync(join(directory, `audit-${stream}-${file.padStart(20, '0')}.jsonl`));
    for (const file of ['12', '22']) rmSync(join(directory, `audit-${stream}-${file.padStart(20, '0')}.checkpoint`));
    expect((await verifyAuditLog(directory, pinned)).exitCode).toBe(0);
    expect(codes(await verifyAuditLog(directory, { ...pinned, checkpoints: [held] }))).toEqual(['truncated']);
  });

  // @verifies G-22
  it('two checkpoints of the same size have different roots', async () => {
    const { directory } = await threeSegments();
    const other = createTree();
    for (let seq = 0; seq < 30; seq += 1) other.appendLine(Buffer.from(`other ${seq}`));
    const checkpoints = [{ source: 'held', note: checkpointOf(other) }];
    const report = await verifyAuditLog(directory, { ...pinned, checkpoints });
    expect(codes(report)).toEqual(['forked']);
    expect(report.findings[0]?.problem).toContain('another root for the same 30 records');
  });

  // @verifies G-22
  it('a whole stream is gone', async () => {
    const { directory, tree } = await threeSegments();
    const checkpoints = [{ source: 'held', note: checkpointOf(tree, keyOf(1, 'https://mcp.example.com/pod-b')) }];
    const report = await verifyAuditLog(directory, { ...pinned, checkpoints });
    expect(codes(report)).toContain('missing_stream');
    expect(report.exitCode).toBe(1);
  });
});

describe('the key', () => {
  const evil = keyOf(2);

  // @verifies G-22
  it('is not that of the log any more when an attacker signs a log of their own', async () => {
    const directory = await temporaryDirectory();
    writeSignedLog(directory, { segments: three, signer: () => evil });
    const report = await verifyAuditLog(directory, pinned);
    expect(codes(report)).toEqual(['key_changed']);
    expect(report.exitCode).toBe(1);
    expect(codes(await verifyAuditLog(directory))).toEqual(['key_unpinned']);
  });

  // @verifies G-22
  it('changes within the log without a record of it', async () => {
    const directory = await temporaryDirectory();
    writeSignedLog(directory, { segments: three, signer: (segment) => (segment === 2 ? evil : signingKey) });
    expect(codes(await verifyAuditLog(directory, pinned))).toEqual(['key_changed']);
    expect(codes(await verifyAuditLog(directory))).toEqual(['key_changed', 'key_unpinned']);
  });

  const rotation = {
    type: 'audit.key_rotated',
    detail: {
      kind: 'signing',
      old: signingKey.keyId,
      new: evil.keyId,
      oldKey: signingKey.verifier.vkey,
      newKey: evil.verifier.vkey,
    },
  };
  const rotated = [three[0] ?? [], three[1] ?? [], [...usual(22, 7), rotation]];

  it('is rotated with a record that the old one has signed, and who trusts the old one trusts the new one', async () => {
    const directory = await temporaryDirectory();
    const signer = (segment: number) => (segment === 2 ? evil : signingKey);
    const { tree } = writeSignedLog(directory, { segments: rotated, signer });
    const unproven = await verifyAuditLog(directory, pinned);
    expect(codes(unproven)).toEqual(['rotation_unproven']);
    expect(unproven.exitCode).toBe(3);
    writeFileSync(join(directory, `signing-${stream}+${signingKey.keyId}.handover`), checkpointOf(tree));
    expect(verdicts(await verifyAuditLog(directory, pinned))).toBe(allPass);
    expect(codes(await verifyAuditLog(directory))).toEqual(['key_unpinned']);
    expect(codes(await verifyAuditLog(directory, { keys: [evil.verifier.vkey] }))).toEqual(['key_changed']);
  });

  it('that is no key is refused before anything is read', async () => {
    const { directory } = await threeSegments();
    await expect(verifyAuditLog(directory, { keys: ['rubbish'] })).rejects.toMatchObject({ code: 'ERR_AUDIT_KEY' });
    await expect(verifyAuditLog(directory, { witnesses: ['a+b+c'] })).rejects.toMatchObject({ code: 'ERR_AUDIT_KEY' });
  });
});

describe('a witness', () => {
  const witness = keyOf(9, 'witness.example');

  it('must have signed a checkpoint that matches', async () => {
    const { directory, tree, files } = await threeSegments();
    const options = { ...pinned, witnesses: [witness.verifier.vkey] };
    expect(codes(await verifyAuditLog(directory, options))).toEqual(['witness_missing']);
    const text = checkpointOf(tree).split('\n\n')[0] ?? '';
    writeFileSync(join(directory, checkpointFile(files[2])), signNote(`${text}\n`, [signingKey, witness]));
    expect(verdicts(await verifyAuditLog(directory, options))).toBe(allPass);
    edit(directory, checkpointFile(files[2]), (note) => note.replace(/(witness\.example .{12}).{4}/, '$1AAAA'));
    expect(codes(await verifyAuditLog(directory, options))).toContain('signature_invalid');
  });
});

describe('time', () => {
  const withRecord = async (seq: number, fields: object): Promise<VerifyReport> => {
    const directory = await temporaryDirectory();
    const change = (line: string, at: number): string =>
      at === seq ? JSON.stringify({ ...JSON.parse(line), ...fields }) : line;
    writeSignedLog(directory, { segments: three, change });
    return verifyAuditLog(directory, pinned);
  };

  it('that jumps is reported, twice when it jumps back', async () => {
    const report = await withRecord(15, { at: '2026-11-20T23:00:00.000Z' });
    expect(codes(report)).toEqual(['clock_jump', 'clock_jump']);
    expect(report.findings[0]?.problem).toContain('forward by 7199.9 s');
    expect(verdicts(report)).toBe('content PASS signer PASS time UNCONFIRMED completeness PASS exit 3');
  });

  it('that runs backwards within one start is refuted', async () => {
    const report = await withRecord(15, { monoNs: '1', at: '2026-11-20T20:59:59.000Z' });
    expect(codes(report)).toContain('clock_backwards');
    expect(report).toMatchObject({ time: 'FAIL', exitCode: 1 });
  });

  it('that is no time is refuted', async () => {
    expect(codes(await withRecord(15, { at: 'yesterday' }))).toEqual(['time_malformed']);
  });
});

describe('completeness', () => {
  it('misses the outcome of an allowed call: unconfirmed while the log is open, refuted when it was closed', async () => {
    const directory = await temporaryDirectory();
    const [decision = {}] = usual(0, 12).slice(1);
    writeSignedLog(directory, { segments: [[...usual(0, 12), { ...decision, call: 'open' }]] });
    const open = await verifyAuditLog(directory, pinned);
    expect(codes(open)).toEqual(['open_call']);
    expect(open.exitCode).toBe(3);
    const stop = { type: 'audit.stopped', detail: { open: 0 } };
    writeSignedLog(directory, { segments: [[...usual(0, 12), { ...decision, call: 'open' }, stop]] });
    const closed = await verifyAuditLog(directory, pinned);
    expect(codes(closed)).toEqual(['no_outcome']);
    expect(closed.exitCode).toBe(1);
  });

  it('knows the calls that observe mode let pass: they ran, and have an outcome', async () => {
    const directory = await temporaryDirectory();
    const decision = { effect: 'deny', enforced: false, reason: 'insufficient_scope' };
    const passed = [
      { type: 'mcp.decision', call: 'passed', decision },
      { type: 'mcp.outcome', call: 'passed', outcome: { status: 'ok', httpStatus: 200 } },
    ];
    const stop = { type: 'audit.stopped', detail: { open: 0 } };
    writeSignedLog(directory, { segments: [[...usual(0, 12), ...passed, stop]] });
    const report = await verifyAuditLog(directory, pinned);
    expect(verdicts(report)).toBe(allPass);
    expect(report).toMatchObject({ allows: 6, allowsWithOutcome: 6, denies: 0 });
    writeSignedLog(directory, { segments: [[...usual(0, 12), ...passed.slice(0, 1), stop]] });
    expect(codes(await verifyAuditLog(directory, pinned))).toEqual(['no_outcome']);
  });

  it('misses what the log itself declares as lost', async () => {
    const directory = await temporaryDirectory();
    writeSignedLog(directory, { segments: [[...usual(0, 12), { type: 'audit.gap', detail: { count: 7 } }]] });
    const report = await verifyAuditLog(directory, pinned);
    expect(codes(report)).toEqual(['gap']);
    expect(report).toMatchObject({ declaredLost: 7, exitCode: 3 });
  });

  it('takes unfinished ends and repeated numbers for explained when the log names the file', async () => {
    const directory = await temporaryDirectory();
    const file = `audit-${stream}-${'0'.repeat(20)}.jsonl`;
    const rotatedRecord = { type: 'audit.rotated', detail: { reason: 'write_failed', abandoned: [file] } };
    writeSignedLog(directory, { segments: [usual(0, 12), [rotatedRecord, ...usual(13, 8).slice(1)]] });
    edit(directory, file, (text) => `${text}${lineOf(12)}\n{"v":1`);
    expect(verdicts(await verifyAuditLog(directory, pinned))).toBe(allPass);
  });

  it('does not accept records in a segment that its writer had closed', async () => {
    const directory = await temporaryDirectory();
    const stop = { type: 'audit.stopped', detail: { open: 0 } };
    writeSignedLog(directory, { segments: [[...usual(0, 12), stop, {}]] });
    expect(codes(await verifyAuditLog(directory, pinned))).toEqual(['after_close']);
  });
});

it('a directory without a log, or without the stream, can not be verified', async () => {
  const directory = await temporaryDirectory();
  await expect(verifyAuditLog(directory)).rejects.toMatchObject({ code: 'ERR_AUDIT_DIRECTORY' });
  await expect(verifyAuditLog(join(directory, 'none'))).rejects.toMatchObject({ code: 'ERR_AUDIT_DIRECTORY' });
  writeSignedLog(directory, { segments: three });
  await expect(verifyAuditLog(directory, { stream: 'pod-x' })).rejects.toMatchObject({ code: 'ERR_AUDIT_DIRECTORY' });
});
