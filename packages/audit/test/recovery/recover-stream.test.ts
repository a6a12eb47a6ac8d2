import { readdir } from 'node:fs/promises';
import { createKeyedHash, createRecordBuilder, noopObserver, silentLogger } from '@sallyport/core';
import { expect, test } from 'vitest';
import { prepareEvidence, type PrepareEvidence } from '../../src/checkpoint/prepare-evidence.ts';
import { recoverStream, type RecoveryResult } from '../../src/recovery/recover-stream.ts';
import { DeadWriter, started, stopped } from '../support/dead-writer.ts';
import { allow } from '../support/entries.ts';
import { deadPid, fast, unseen, writeLock } from '../support/foreign-lock.ts';
import { readAll, typesOf } from '../support/read-records.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

async function recover(directory: string): Promise<RecoveryResult> {
  const hash = createKeyedHash(new Uint8Array(32));
  const builder = createRecordBuilder({ stream: 'old', hash, level: 'metadata' });
  const log = silentLogger;
  const build = (entry: Parameters<typeof builder.build>[0]): ReturnType<typeof builder.build> =>
    builder.build(entry, 0);
  const evidenceOf: PrepareEvidence = (stream, more) =>
    prepareEvidence({ directory, stream, name: `log.example/${stream}`, log, observer: noopObserver, ...more });
  return recoverStream({ directory, stream: 'old', by: 'new', build, evidenceOf, log, wait: false, timing: fast });
}

test('a stream is finished once', async () => {
  const directory = await temporaryDirectory();
  await new DeadWriter(directory, 'old').begin(started, allow());
  await writeLock(directory, 'old', { pid: await deadPid() });
  expect(await recover(directory)).toBe('recovered');
  expect(await recover(directory)).toBe('nothing to do');
  const { records } = await readAll(directory);
  expect(typesOf(records).slice(2)).toEqual(['audit.started', 'mcp.outcome', 'audit.stopped']);
  expect((await readdir(directory)).filter((name) => name.endsWith('.jsonl'))).toHaveLength(2);
});

test('of several that find the same dead writer at once, one finishes its stream', async () => {
  const directory = await temporaryDirectory();
  await new DeadWriter(directory, 'old').begin(started, allow());
  await writeLock(directory, 'old', { pid: await deadPid() });
  const results = await Promise.all(Array.from({ length: 5 }, () => recover(directory)));
  expect(results.filter((result) => result === 'recovered')).toHaveLength(1);
  expect(typesOf((await readAll(directory)).records)).toHaveLength(5);
});

test('a closed stream is left as it is', async () => {
  const directory = await temporaryDirectory();
  await new DeadWriter(directory, 'old').begin(started, stopped());
  expect(await recover(directory)).toBe('nothing to do');
});

test('a writer that lives, or may live, is left alone', async () => {
  const directory = await temporaryDirectory();
  await new DeadWriter(directory, 'old').begin(started, allow());
  await writeLock(directory, 'old');
  expect(await recover(directory)).toBe('alive');
  await writeLock(directory, 'old', unseen);
  expect(await recover(directory)).toBe('uncertain');
  expect((await readAll(directory)).records).toHaveLength(2);
});
