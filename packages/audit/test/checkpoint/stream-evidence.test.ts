import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { noopObserver, silentLogger } from '@sallyport/core';
import { expect, onTestFinished, test, vi } from 'vitest';
import { StreamEvidence, type StreamEvidenceOptions } from '../../src/checkpoint/stream-evidence.ts';
import { createSigningKey, createTree } from '../../src/index.ts';
import { nodeSegmentFileSystem } from '../../src/segment/segment-file-system.ts';

const signer = createSigningKey('log.example/pod-a', Buffer.alloc(32, 1));
const line = (text: string): Buffer => Buffer.from(`${text}\n`);

/** Evidence whose checkpoints are counted, and a clock that a test moves. */
async function started(options: Partial<StreamEvidenceOptions> = {}) {
  const directory = await mkdtemp(join(tmpdir(), 'sallyport-audit-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  onTestFinished(() => void vi.useRealTimers());
  const sizes: number[] = [];
  const evidence = new StreamEvidence({
    ...{ directory, stream: 'pod-a', tree: createTree(), signer, fileSystem: nodeSegmentFileSystem },
    ...{ log: silentLogger, observer: noopObserver, mayWrite: () => undefined },
    publish: (_origin, _note, size) => void sizes.push(size),
    ...options,
  });
  await evidence.segmentOpening(0);
  evidence.segmentOpened(0);
  evidence.flushed([line('first')]);
  await evidence.start();
  return { evidence, sizes };
}

/** Lets that much time pass, and what it brought about happen. */
async function pass(milliseconds: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(milliseconds);
  // The disk is a real one.
  await delay(20);
}

test('a checkpoint is taken at most once a second, whatever is written, and never later than that', async () => {
  const { evidence, sizes } = await started();
  for (let tenth = 0; tenth < 30; tenth++) {
    evidence.flushed([line(`record ${tenth}`)]);
    await pass(100);
  }
  expect(sizes.length).toBeGreaterThanOrEqual(3);
  expect(sizes.length).toBeLessThanOrEqual(4);
  await pass(1001);
  expect(sizes.at(-1)).toBe(31);
  const { length } = sizes;
  await pass(10_000);
  expect(sizes).toHaveLength(length);
  await evidence.close();
});

test('when a segment closes its last checkpoint is taken at once, behind whoever waits for the next one', async () => {
  const { evidence, sizes } = await started();
  evidence.flushed([line('second')]);
  await evidence.segmentOpening(2);
  evidence.segmentOpened(2);
  evidence.flushed([line('third')]);
  await pass(1);
  expect(sizes.slice(0, 2)).toEqual([1, 2]);
  await evidence.close();
  expect(sizes.at(-1)).toBe(3);
  expect(evidence.checkpointed).toBe(3);
});

test('a writer that lost its stream signs nothing any more', async () => {
  let lost = false;
  const mayWrite = (): Promise<void> | undefined => (lost ? Promise.reject(new Error('taken over')) : undefined);
  const { evidence, sizes } = await started({ mayWrite });
  lost = true;
  evidence.flushed([line('second')]);
  await pass(1001);
  expect(evidence.problem).toContain('taken over');
  await evidence.close();
  expect(sizes).toEqual([1]);
});

test('a segment that begins elsewhere than the tree ends is not opened', async () => {
  const { evidence } = await started();
  await expect(evidence.segmentOpening(5)).rejects.toThrow('the evidence is at 1, not at 5');
  await evidence.close();
});
