import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { noopObserver, type ObserverEvent } from '@sallyport/core';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { openAuditLog, type OpenAuditLogOptions, type SegmentFileSystem } from '../../src/index.ts';
import { nodeSegmentFileSystem } from '../../src/segment/segment-file-system.ts';
import { checkEvidence, linesOf, namesOf } from '../support/check-evidence.ts';
import { crashedLog } from '../support/crashed-log.ts';
import { DeadWriter, started, stopped } from '../support/dead-writer.ts';
import { allow, deny, outcome } from '../support/entries.ts';
import { FaultyDisk } from '../support/faulty-disk.ts';
import { deadPid, writeLock } from '../support/foreign-lock.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

type Log = Awaited<ReturnType<typeof openAuditLog>>;

async function open(directory: string, options: Partial<OpenAuditLogOptions> = {}): Promise<Log> {
  const hashKey = new Uint8Array(32).fill(7);
  const log = await openAuditLog({ directory, stream: 'pod-a', hashKey, origin: 'log.example', ...options });
  onTestFinished(() => log.close());
  return log;
}

/** The disk, but without some kinds of files. */
function without(ending: string, state: { code: string | undefined }): SegmentFileSystem {
  return {
    ...nodeSegmentFileSystem,
    create: (path) => {
      if (path.includes(ending) && state.code !== undefined) {
        return Promise.reject(Object.assign(new Error('caused by the test'), { code: state.code }));
      }
      return nodeSegmentFileSystem.create(path);
    },
  };
}

describe('the evidence of a log', () => {
  test('covers every record once the log is closed: one checkpoint and one frontier a segment', async () => {
    const directory = await temporaryDirectory();
    for (let round = 0; round < 3; round++) {
      const log = await open(directory);
      await Promise.all(Array.from({ length: 20 }, () => log.append(deny())));
      await log.close();
    }
    const { checkpoints, frontiers } = await checkEvidence(directory);
    expect(frontiers).toEqual([0, 22, 44]);
    expect(checkpoints).toMatchObject([
      { origin: 'log.example/pod-a', firstSeq: 0, size: 22 },
      { firstSeq: 22, size: 44 },
      { firstSeq: 44, size: 66 },
    ]);
  });

  test('is there from the first record on', async () => {
    const directory = await temporaryDirectory();
    await open(directory);
    expect(await checkEvidence(directory)).toMatchObject({ checkpoints: [{ firstSeq: 0, size: 1 }], frontiers: [0] });
  });

  test('of a log that was written without any begins with everything that is there', async () => {
    const directory = await temporaryDirectory();
    const writer = new DeadWriter(directory, 'pod-a');
    await writer.begin(started, deny(), deny());
    await writer.append(deny());
    await writer.begin(started, deny(), stopped());
    await (await open(directory)).close();
    expect(await linesOf(directory)).toHaveLength(9);
    expect(await checkEvidence(directory)).toMatchObject({ checkpoints: [{ firstSeq: 7, size: 9 }], frontiers: [7] });
  });

  test('has the same root wherever the log was closed and opened again', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(9), { minLength: 1, maxLength: 5 }), async (rounds) => {
        const directory = await temporaryDirectory();
        let size = 0;
        for (const records of rounds) {
          const log = await open(directory);
          for (let index = 0; index < records; index++) await log.append(deny());
          await log.close();
          size += records + 2;
          const { checkpoints } = await checkEvidence(directory);
          expect(checkpoints.at(-1)?.size).toBe(size);
        }
      }),
      { numRuns: 15 },
    );
  });

  test('does not hold what was never acknowledged: a segment whose sync failed counts up to where the next begins', async () => {
    const directory = await temporaryDirectory();
    const disk = new FaultyDisk();
    const log = await open(directory, { fileSystem: disk });
    const call = allow();
    await log.append(call);
    disk.syncError = 'EIO';
    const { create } = disk;
    disk.create = (path) => {
      disk.repair();
      return create.call(disk, path);
    };
    await log.append(outcome(call.call));
    await log.append(deny());
    await log.close();
    const { checkpoints, frontiers } = await checkEvidence(directory);
    expect(frontiers).toEqual([0, 2]);
    expect(checkpoints.map(({ size }) => size)).toEqual([2, 6]);
    await (await open(directory)).close();
    expect((await checkEvidence(directory)).checkpoints.at(-1)?.size).toBe(8);
  });

  test('of a dead writer is continued by whoever finishes its stream, with the key of that stream', async () => {
    const { directory, nextSeq } = await crashedLog({ stream: 'pod-old', origin: 'log.example' });
    const [segment] = await namesOf(directory, 'pod-old', '.jsonl');
    const before = await checkEvidence(directory, 'pod-old');
    const writer = new DeadWriter(directory, 'pod-old', nextSeq);
    await writer.begin(started, allow());
    await writeLock(directory, 'pod-old', { pid: await deadPid() });
    await (await open(directory)).close();
    const { checkpoints } = await checkEvidence(directory, 'pod-old');
    expect(segment).toBeDefined();
    expect(checkpoints.at(-1)?.size).toBe((await linesOf(directory, 'pod-old')).length);
    expect(checkpoints.at(-1)?.keyIds).toEqual(before.checkpoints[0]?.keyIds);
  });

  test('needs the segments since its newest checkpoint only: older ones may be deleted', async () => {
    const directory = await temporaryDirectory();
    for (let round = 0; round < 3; round++) await (await open(directory)).close();
    const size = (await checkEvidence(directory)).checkpoints.at(-1)?.size ?? 0;
    for (const name of (await namesOf(directory, 'pod-a', '.jsonl')).slice(0, 2)) await rm(join(directory, name));
    const log = await open(directory);
    await log.close();
    const last = (await namesOf(directory, 'pod-a', '.checkpoint')).at(-1) ?? '';
    expect((await readFile(join(directory, last), 'utf8')).split('\n')[1]).toBe(String(size + 2));
  });

  test('is made again from the records when the frontier of the last segment is gone', async () => {
    const directory = await temporaryDirectory();
    for (let round = 0; round < 3; round++) await (await open(directory)).close();
    const last = (await namesOf(directory, 'pod-a', '.frontier')).at(-1) ?? '';
    await rm(join(directory, last));
    await (await open(directory)).close();
    expect((await checkEvidence(directory)).checkpoints.at(-1)?.size).toBe(8);
  });
});

describe('checkpoints that can not be written', () => {
  const opened = async (mode: 'strict' | 'available' = 'strict') => {
    const directory = await temporaryDirectory();
    const state: { code: string | undefined } = { code: undefined };
    const events: object[] = [];
    const emit = (event: ObserverEvent): void => {
      if (event.type === 'audit.checkpoint') events.push(event);
    };
    const observer = { ...noopObserver, emit };
    const log = await open(directory, { mode, fileSystem: without('.checkpoint', state), observer });
    return { directory, state, events, log };
  };
  const problem = 'checkpoints of the audit log can not be written (EIO)';

  test('cost no acknowledged record, and are told', async () => {
    const { directory, state, events, log } = await opened();
    state.code = 'EIO';
    await log.append(deny());
    await vi.waitFor(() => expect(log.status()).toMatchObject({ writable: true, problem }), 5000);
    await log.append(deny());
    const told = { type: 'audit.checkpoint', origin: 'log.example/pod-a' };
    expect(events).toEqual([
      { ...told, ok: true },
      { ...told, ok: false },
    ]);
    state.code = undefined;
    await vi.waitFor(() => expect(log.status().problem).toBeUndefined(), 5000);
    expect(events).toHaveLength(3);
    expect(events.at(-1)).toEqual({ ...told, ok: true });
    await log.close();
    expect((await checkEvidence(directory)).checkpoints.at(-1)?.size).toBe(4);
  });

  test.each(['strict', 'available'] as const)('for 30 seconds: what mode %s does', async (mode) => {
    const { state, log } = await opened(mode);
    const call = allow();
    await log.append(call);
    state.code = 'EIO';
    await log.append(deny());
    await vi.waitFor(() => expect(log.status().problem).toBe(problem), 5000);
    const now = performance.now();
    vi.spyOn(performance, 'now').mockImplementation(() => now + 31_000);
    onTestFinished(() => void vi.restoreAllMocks());
    expect(log.status().writable).toBe(mode === 'available');
    if (mode === 'strict') {
      await expect(log.append(allow())).rejects.toMatchObject({ code: 'ERR_AUDIT_UNAVAILABLE' });
      // What has begun may still end.
      await log.append(outcome(call.call));
    } else await log.append(allow());
  });

  test('do not keep a log from starting or closing', async () => {
    const directory = await temporaryDirectory();
    const log = await open(directory, { fileSystem: without('.checkpoint', { code: 'ENOSPC' }) });
    await log.append(deny());
    await log.close();
    expect(await namesOf(directory, 'pod-a', '.checkpoint')).toEqual([]);
    await (await open(directory)).close();
    expect((await checkEvidence(directory)).checkpoints.at(-1)?.size).toBe(5);
  });
});

test('a frontier that can not be written stops the start: the segment could not be proved later', async () => {
  const directory = await temporaryDirectory();
  const fileSystem = without('.frontier', { code: 'ENOSPC' });
  await expect(open(directory, { fileSystem })).rejects.toMatchObject({ code: 'ERR_AUDIT_DIRECTORY' });
  expect((await readdir(directory)).filter((name) => name.startsWith('audit-'))).toEqual([]);
});
