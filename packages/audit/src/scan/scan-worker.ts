import { parentPort, workerData } from 'node:worker_threads';
import { errorCode, errorText } from '../log/error-code.ts';
import type { PieceAnswer, PieceRequest } from './piece-pool.ts';
import { scanPiece } from './scan-piece.ts';
import type { CreateScanTask } from './scan-task.ts';

// A thread that scans the pieces it is sent, one after the other.
const { module, data } = workerData as { readonly module: string; readonly data: unknown };
const { createScanTask } = (await import(module)) as { readonly createScanTask: CreateScanTask<unknown, unknown> };

const answer = (message: PieceAnswer<unknown>, buffers: readonly ArrayBuffer[] = []): void =>
  parentPort?.postMessage(message, buffers);

parentPort?.on('message', ({ id, order }: PieceRequest) => {
  scanPiece(order, createScanTask(data)).then(
    (piece) => answer({ id, piece }, buffersOf(piece.result)),
    (error: unknown) => answer({ id, problem: errorText(error), code: errorCode(error) }),
  );
});

/** The bytes of a result change hands; they are not copied. */
function buffersOf(result: unknown): ArrayBuffer[] {
  if (typeof result !== 'object' || result === null) return [];
  const views = Object.values(result).filter((value) => ArrayBuffer.isView(value));
  return [...new Set(views.map(({ buffer }) => buffer))].filter((buffer) => buffer instanceof ArrayBuffer);
}
