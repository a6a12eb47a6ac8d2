import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openAuditLog, verifyAuditLog, type OpenAuditLogOptions } from '../../src/index.ts';
import { namesOf } from '../support/check-evidence.ts';
import { deny } from '../support/entries.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

async function write(options: OpenAuditLogOptions): Promise<string> {
  const log = await openAuditLog(options);
  await log.append(deny());
  await log.close();
  const newest = (await namesOf(options.directory, options.stream, '.checkpoint')).at(-1) ?? '';
  return readFileSync(join(options.directory, newest), 'utf8');
}

test('a stream may be called mirror', async () => {
  const directory = await temporaryDirectory();
  const note = await write({ directory, stream: 'mirror', origin: 'log.example' });
  const keys = [readFileSync(join(directory, 'signing-mirror.pub'), 'utf8').trim()];
  const report = await verifyAuditLog(directory, { keys, checkpoints: [{ source: 'held', note }] });
  expect(report.findings).toEqual([]);
  expect(report.exitCode).toBe(0);
});

test('checkpoints that were held before and after a change of the origin are both of the log', async () => {
  const directory = await temporaryDirectory();
  const one = await write({ directory, stream: 'pod-a', origin: 'one.example' });
  const keys = [readFileSync(join(directory, 'signing-pod-a.pub'), 'utf8').trim()];
  const two = await write({ directory, stream: 'pod-a', origin: 'two.example' });
  const checkpoints = [one, two].map((note, index) => ({ source: `held ${index}`, note }));
  const report = await verifyAuditLog(directory, { keys, checkpoints });
  expect(report.findings).toEqual([]);
  expect(report.streams[0]?.external).toMatchObject({ source: 'held 1', result: 'matched' });
});

test('pipes in the directory stop neither a start nor verification', async () => {
  const directory = await temporaryDirectory();
  await write({ directory, stream: 'pod-a', origin: 'log.example' });
  execFileSync('mkfifo', [join(directory, 'audit-evil-00000000000000000000.jsonl')]);
  await write({ directory, stream: 'pod-a', origin: 'log.example' });
  const { findings } = await verifyAuditLog(directory);
  expect(findings.find(({ stream }) => stream === 'evil')).toMatchObject({ code: 'unreadable' });
  execFileSync('mkfifo', [join(directory, 'audit-pod-b.lock')]);
  await expect(openAuditLog({ directory, stream: 'pod-b', origin: 'log.example' })).rejects.toThrow('ENOTSUP');
});
