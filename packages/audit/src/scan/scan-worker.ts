import { parentPort, workerData } from 'node:worker_threads';
import { errorCode, errorText } from '../log/error-code.ts';
import type { PieceRequest } from './piece-pool.ts';
import { scanPiece } from './scan-piece.ts';
import type { CreateScanTask } from './scan-task.ts';

// A thread that scans the pieces it is sent, one after the other.
const { module, data } = workerData as { readonly module: string; readonly data: unknown };
const { createScanTask } = (await import(module)) as { readonly createScanTask: CreateScanTask<unknown, unknown> };

parentPort?.on('message', ({ id, order }: PieceRequest) => {
  scanPiece(order, createScanTask(data)).then(
    (piece) => parentPort?.postMessage({ id, piece }),
    (error: unknown) => parentPort?.postMessage({ id, problem: errorText(error), code: errorCode(error) }),
  );
});
