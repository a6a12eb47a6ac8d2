import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { exportFiles } from '../../src/export/export-files.ts';
import { ExportState } from '../../src/export/export-state.ts';
import type { ExportSink } from '../../src/index.ts';
import { eventually, ExportLog, startExport } from '../support/export-log.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const seqIn = async (directory: string): Promise<number> =>
  (JSON.parse(await readFile(exportFiles(directory, 'pod-a', 'one').cursor, 'utf8')) as { seq: number }).seq;

test('the cursor on disk catches up while the receiver is down, or does not answer', async () => {
  for (const answer of [
    async () => ({ kind: 'retry', problem: 'down', retryAfterMs: 3_600_000 }) as const,
    () => new Promise<never>(() => undefined),
  ]) {
    const log = await ExportLog.create();
    await log.rotate(300);
    let batches = 0;
    const sink: ExportSink = { send: async () => (++batches <= 3 ? { kind: 'accepted' } : answer()) };
    startExport(log, [{ name: 'one', sink }], { timing: { saveMs: 100 } });
    await eventually(async () => expect(await seqIn(log.directory)).toBe(192));
  }
});

test('the cursor is not written after the last save, and never goes back', async () => {
  const directory = await temporaryDirectory();
  const files = exportFiles(directory, 'pod-a', 'one');
  let writes = 0;
  const mayWrite = async (): Promise<void> => {
    writes += 1;
  };
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const state = new ExportState({ files, stream: 'pod-a', name: 'one', log, mayWrite, saveMs: 20 }, 0, undefined);
  await state.save(null);
  for (let seq = 1; seq <= 50; seq++) await Promise.all([state.advance(seq, null), seq % 7 === 0 && state.save(null)]);
  await state.save(null);
  expect(await seqIn(directory)).toBe(50);
  const before = writes;
  await new Promise((resolve) => setTimeout(resolve, 60));
  expect(writes).toBe(before);
});
