import { cp } from 'node:fs/promises';
import { rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { OperationalLogger } from '@sallyport/core';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  createSigningKey,
  openAuditLog,
  verifyAuditLog,
  type OpenAuditLogOptions,
  type VerifyReport,
} from '../../src/index.ts';
import { linesOf, namesOf } from '../support/check-evidence.ts';
import { crashedLog } from '../support/crashed-log.ts';
import { deny } from '../support/entries.ts';
import { forgeLine, forgeSegment, textOf } from '../support/forge.ts';
import { readAll } from '../support/read-records.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const stream = 'pod-a';
const signingKey = Buffer.alloc(32, 9);
const base = { stream, origin: 'log.example', signingKey, hashKey: new Uint8Array(32).fill(7) };
const own = createSigningKey('log.example/pod-a', signingKey).verifier;
const attacker = createSigningKey('log.example/pod-a', Buffer.alloc(32, 66)).verifier;
const pinned = { keys: [own.vkey] };
const stopped = { type: 'audit.stopped', detail: { open: 0 } };
const takeover = {
  type: 'audit.key_rotated',
  detail: { kind: 'signing', old: own.keyId, new: attacker.keyId, oldKey: own.vkey, newKey: attacker.vkey },
};

function logger(): OperationalLogger & { readonly said: string[] } {
  const said: string[] = [];
  const say = (_: object, message: string): void => void said.push(message);
  return { said, info: () => undefined, warn: say, error: say };
}

async function open(directory: string, options: Partial<OpenAuditLogOptions> = {}) {
  const log = await openAuditLog({ directory, ...base, ...options });
  onTestFinished(() => log.close());
  return log;
}

async function closedLog(starts = 1): Promise<string> {
  const directory = await temporaryDirectory();
  for (let start = 0; start < starts; start++) {
    const log = await open(directory);
    for (let index = 0; index < 4; index++) await log.append(deny());
    await log.close();
  }
  return directory;
}

const codes = ({ findings }: VerifyReport): string[] => findings.map(({ code }) => code).toSorted();

async function lastStart(directory: string, of = stream): Promise<unknown> {
  const { records } = await readAll(directory);
  return records.findLast((record) => record.type === 'audit.started' && record.stream === of)?.detail;
}

describe('records behind a signed end', () => {
  test.each([
    ['a key of somebody else', takeover],
    ['a deletion', { type: 'audit.rotated', detail: { reason: 'retention', retainedFrom: 6 } }],
  ])('with %s are refused by the next start and by verification', async (_, record) => {
    const directory = await closedLog(2);
    await forgeSegment(directory, stream, [{ type: 'audit.started' }, record, stopped]);
    expect(codes(await verifyAuditLog(directory, pinned))).toContain('unsigned_after_close');
    await expect(open(directory)).rejects.toMatchObject({ code: 'ERR_AUDIT_TAMPERED' });
  });

  test('are not signed in mode available either', async () => {
    const directory = await closedLog();
    await forgeSegment(directory, stream, [{ type: 'audit.started' }, takeover, stopped]);
    const log = await open(directory, { mode: 'available' });
    await log.append(deny());
    await log.close();
    const report = await verifyAuditLog(directory, pinned);
    expect(codes(report)).toContain('unsigned_after_close');
    expect(report.exitCode).toBe(1);
  });
});

describe('records that a killed process left unsigned', () => {
  test('are taken over as a declared range, loudly, and stay unconfirmed', async () => {
    const { directory, nextSeq } = await crashedLog(base);
    await forgeSegment(directory, stream, [{ type: 'request.refused' }, { type: 'request.refused' }]);
    const log = logger();
    await (await open(directory, { log })).close();
    const range = { from: nextSeq, to: nextSeq + 2 };
    expect(await lastStart(directory)).toMatchObject({ unsigned: range });
    expect(log.said.join()).toContain('not signed by the process that wrote them');
    const report = await verifyAuditLog(directory, pinned);
    expect(report).toMatchObject({ content: 'UNCONFIRMED', completeness: 'PASS', signer: 'PASS', exitCode: 3 });
    expect(report.findings).toMatchObject([{ code: 'adopted_unsigned', seq: nextSeq }]);
  });

  test('name no key and no deletion that anybody has to believe', async () => {
    const { directory } = await crashedLog(base);
    const retained = { type: 'audit.rotated', detail: { reason: 'retention', retainedFrom: 6 } };
    await forgeSegment(directory, stream, [takeover, retained]);
    await (await open(directory)).close();
    const taken = await open(directory, { signingKey: Buffer.alloc(32, 66) });
    await taken.close();
    rmSync(join(directory, (await namesOf(directory, stream, '.jsonl'))[0] ?? ''));
    const report = await verifyAuditLog(directory, pinned);
    expect(codes(report)).toContain('no_beginning');
    expect(codes(report)).not.toContain('retained');
  });

  test('are confirmed by a checkpoint from outside that is older than the start that took them over', async () => {
    const running = await closedLog();
    const log = await open(running);
    const directory = await temporaryDirectory();
    await cp(running, directory, { recursive: true });
    await log.append(deny());
    await log.close();
    // The records came to this disk, and the checkpoint over them only to the outside.
    const file = (await namesOf(running, stream, '.jsonl')).at(-1) ?? '';
    await cp(join(running, file), join(directory, file));
    rmSync(join(directory, 'audit-pod-a.lock'), { force: true });
    const note = textOf(running, file.replace('.jsonl', '.checkpoint'));
    await (await open(directory)).close();
    expect(codes(await verifyAuditLog(directory, pinned))).toEqual(['adopted_unsigned']);
    const report = await verifyAuditLog(directory, { ...pinned, checkpoints: [{ source: 'held', note }] });
    expect(codes(report)).toEqual(['checkpoint_older']);
    expect(report.exitCode).toBe(0);
  });

  test('are followed by a crash and another start: the range grows, and nothing of it becomes signed', async () => {
    const { directory, nextSeq } = await crashedLog(base);
    await forgeSegment(directory, stream, [{ type: 'request.refused' }]);
    await forgeSegment(directory, stream, [
      { type: 'audit.started', detail: { unsigned: { from: nextSeq, to: nextSeq + 1 } } },
    ]);
    await (await open(directory)).close();
    expect(await lastStart(directory)).toMatchObject({ unsigned: { from: nextSeq, to: nextSeq + 2 } });
    expect(codes(await verifyAuditLog(directory, pinned))).toEqual(['adopted_unsigned']);
  });
});

test('a stream that somebody invented is finished and not signed', async () => {
  const directory = await closedLog();
  const decision = { type: 'mcp.decision', call: 'q', decision: { effect: 'allow' } };
  await forgeSegment(directory, 'pod-z', [{ type: 'audit.started' }, decision]);
  const log = logger();
  await (await open(directory, { log })).close();
  expect(log.said.join()).toContain('finished and not signed');
  expect(await namesOf(directory, 'pod-z', '.checkpoint')).toEqual([]);
  expect(await linesOf(directory, 'pod-z')).toHaveLength(5);
  const report = await verifyAuditLog(directory, { ...pinned, stream: 'pod-z' });
  expect(report).toMatchObject({ content: 'UNCONFIRMED', signer: 'UNCONFIRMED', exitCode: 3 });
});

test('a line with a number that no log has is set apart like any line that is no record', async () => {
  const directory = await closedLog();
  await forgeLine(directory, stream, 2 ** 53 - 4, stopped);
  const log = await open(directory);
  expect(log.firstSeq).toBe(6);
  expect(await lastStart(directory)).toMatchObject({ torn: [{ bytes: expect.any(Number) }] });
});

test.each([2 ** 51, 1000])('a line with the number %d does not move the log there', async (seq) => {
  const directory = await closedLog();
  const before = (await linesOf(directory)).length;
  await forgeLine(directory, stream, seq, stopped);
  await expect(open(directory)).rejects.toMatchObject({ code: 'ERR_AUDIT_TAMPERED' });
  const log = await open(directory, { mode: 'available' });
  await log.append(deny());
  expect(log.confirmed()).toBeLessThanOrEqual(Math.max(before, seq === 1000 ? seq : 0) + 4);
  await log.close();
});

test('a segment with a number far behind the log does not move it there', async () => {
  const { directory } = await crashedLog(base);
  symlinkSync('/dev/null', join(directory, `audit-pod-a-${String(2 ** 51).padStart(20, '0')}.jsonl`));
  await expect(open(directory)).rejects.toMatchObject({ code: expect.stringMatching(/ERR_AUDIT_(DAMAGED|TAMPERED)/) });
});

describe('evidence that was rolled back', () => {
  test('without any checkpoint is said, in the log and in the first record', async () => {
    const directory = await closedLog();
    for (const file of await namesOf(directory, stream, '.checkpoint')) rmSync(join(directory, file));
    const log = logger();
    await (await open(directory, { log })).close();
    expect(log.said.join()).toContain('no checkpoint');
    expect(await lastStart(directory)).toMatchObject({ noCheckpoint: true, unsigned: { from: 0, to: 6 } });
    expect(codes(await verifyAuditLog(directory, pinned))).toContain('adopted_unsigned');
  });

  test('with nothing but its keys is said', async () => {
    const directory = await closedLog();
    for (const ending of ['.jsonl', '.checkpoint', '.frontier'])
      for (const file of await namesOf(directory, stream, ending)) rmSync(join(directory, file));
    const log = logger();
    await (await open(directory, { log })).close();
    expect(log.said.join()).toContain('no checkpoint');
    expect(await lastStart(directory)).toMatchObject({ noCheckpoint: true });
  });

  test('behind its file anchor is refused', async () => {
    const directory = await temporaryDirectory();
    const path = join(await temporaryDirectory(), 'anchor.jsonl');
    const anchors = [{ type: 'file', path }] as const;
    for (let start = 0; start < 2; start++) await (await open(directory, { anchors })).close();
    await (await open(directory, { anchors })).close();
    const [, , last] = await namesOf(directory, stream, '.jsonl');
    for (const ending of ['.jsonl', '.checkpoint', '.frontier'])
      rmSync(join(directory, (last ?? '').replace('.jsonl', ending)));
    await expect(open(directory, { anchors })).rejects.toMatchObject({ code: 'ERR_AUDIT_TAMPERED', file: path });
  });
});

test('a checkpoint that can not be read is called that', async () => {
  const directory = await closedLog();
  const [file = ''] = await namesOf(directory, stream, '.checkpoint');
  rmSync(join(directory, file));
  symlinkSync(file, join(directory, file));
  await expect(open(directory)).rejects.toMatchObject({
    code: 'ERR_AUDIT_DAMAGED',
    problem: expect.stringContaining('can not be read (ELOOP'),
  });
});
