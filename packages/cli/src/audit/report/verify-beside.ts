import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { verifyAuditLog, type VerifyReport } from '@sallyport/audit';
import { SetupError } from '@sallyport/core';
import type { VerifyAnswer, VerifyOrder } from './verify-worker.ts';

export interface VerifyBesideOptions extends Omit<VerifyOrder, 'directory'> {
  readonly onProgress: (doneBytes: number, allBytes: number) => void;
}

/** A thread of its own costs more than it spares for less. */
const aloneBytes = 32 * 1024 * 1024;

/**
 * Verifies a log while it is read for something else as well: in a thread of its own when it is large.
 *
 * @throws SetupError as `verifyAuditLog` does
 */
export async function verifyBeside(directory: string, options: VerifyBesideOptions): Promise<VerifyReport> {
  const { onProgress, ...order } = options;
  // The sources of a checkout are no modules that a thread could load.
  const alone = import.meta.url.endsWith('.ts') || (await bytesOf(directory)) < aloneBytes;
  return alone ? verifyAuditLog(directory, options) : inThread({ directory, ...order }, onProgress);
}

function inThread(order: VerifyOrder, onProgress: VerifyBesideOptions['onProgress']): Promise<VerifyReport> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./verify-worker.js', import.meta.url), { workerData: order });
    worker.on('message', (answer: VerifyAnswer) => {
      if ('report' in answer) resolve(answer.report);
      else if ('setup' in answer) reject(new SetupError(answer.setup));
      else onProgress(answer.doneBytes, answer.allBytes);
    });
    worker.on('error', reject);
    worker.on('exit', () => reject(new Error('the thread that verifies the log ended')));
  });
}

/** Bytes of the segments, as far as they can be looked at: what can not, is told by who reads it. */
async function bytesOf(directory: string): Promise<number> {
  const names = await readdir(directory).catch((): string[] => []);
  const segments = names.filter((name) => name.startsWith('audit-') && name.endsWith('.jsonl'));
  const sizes = await Promise.all(
    segments.map((name) =>
      stat(join(directory, name)).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
