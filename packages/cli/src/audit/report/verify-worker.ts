import { parentPort, workerData } from 'node:worker_threads';
import { verifyAuditLog, type VerifyAuditLogOptions, type VerifyReport } from '@sallyport/audit';
import { SetupError, type SetupErrorOptions } from '@sallyport/core';

/** What the thread is given. */
export interface VerifyOrder extends Omit<VerifyAuditLogOptions, 'onProgress'> {
  readonly directory: string;
}

/** What it answers: progress from time to time, and one end. */
export type VerifyAnswer =
  | { readonly doneBytes: number; readonly allBytes: number }
  | { readonly report: VerifyReport }
  | { readonly setup: SetupErrorOptions };

const betweenMs = 100;

// A thread that verifies one log.
const { directory, ...options } = workerData as VerifyOrder;
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
const answer = (text: VerifyAnswer): void => parentPort?.postMessage(text);
let toldAt = 0;
const onProgress = (doneBytes: number, allBytes: number): void => {
  if (performance.now() - toldAt < betweenMs) return;
  toldAt = performance.now();
  answer({ doneBytes, allBytes });
};
try {
  answer({ report: await verifyAuditLog(directory, { ...options, onProgress }) });
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  const { code, file, field, problem, remedy } = error;
  answer({
    setup: { code, ...(file !== undefined && { file }), ...(field !== undefined && { field }), problem, remedy },
  });
}
