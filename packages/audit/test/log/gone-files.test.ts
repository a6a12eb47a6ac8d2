import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { AuditLog } from '@sallyport/core';
import { expect, onTestFinished, test } from 'vitest';
import { checkCompleteness, openAuditLog } from '../../src/index.ts';
import { deny } from '../support/entries.ts';
import { readAll } from '../support/read-records.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const unavailable = { reason: 'audit_unavailable', code: 'ERR_AUDIT_UNAVAILABLE', status: 503 };

async function open(directory: string): Promise<AuditLog> {
  const audit = await openAuditLog({ directory, stream: 'pod-a', hashKey: new Uint8Array(32) });
  onTestFinished(() => audit.close());
  return audit;
}

test('a log whose open segment was removed goes on in a new one, and what is gone is missed', async () => {
  const directory = await temporaryDirectory();
  const audit = await open(directory);
  await audit.append(deny());
  const segments = (await readdir(directory)).filter((name) => name.endsWith('.jsonl'));
  for (const name of segments) await rm(join(directory, name));
  await Promise.all([audit.append(deny()), audit.append(deny())]);
  await audit.close();
  const { records } = await readAll(directory);
  expect(records.map(({ seq }) => seq)).toEqual([2, 3, 4, 5]);
  expect(records.filter(({ type }) => type === 'mcp.decision')).toHaveLength(2);
  expect(await checkCompleteness(directory)).toMatchObject({ complete: false });
});

test.each<[string, (directory: string) => Promise<unknown>]>([
  ['removed', (directory) => rm(directory, { recursive: true })],
  ['moved', (directory) => rename(directory, `${directory}.old`)],
  ['replaced', (directory) => rename(directory, `${directory}.old`).then(() => mkdir(directory))],
  ['left without its lock', (directory) => rm(join(directory, 'audit-pod-a.lock'))],
])('a log whose directory is %s takes nothing from then on', async (_how, change) => {
  const directory = join(await temporaryDirectory(), 'audit');
  const audit = await open(directory);
  await audit.append(deny());
  await change(directory);
  for (let round = 0; round < 3; round++) await expect(audit.append(deny())).rejects.toMatchObject(unavailable);
  expect(audit.status().writable).toBe(false);
});

test('of two writers of which the second came because the lock was removed, only the second is believed', async () => {
  const directory = await temporaryDirectory();
  const first = await open(directory);
  await first.append(deny());
  await rm(join(directory, 'audit-pod-a.lock'));
  const second = await open(directory);
  await second.append(deny());
  await expect(first.append(deny())).rejects.toMatchObject(unavailable);
  await second.append(deny());
});
