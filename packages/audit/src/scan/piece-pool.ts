import { Worker } from 'node:worker_threads';
import { scanPiece } from './scan-piece.ts';
import type { PieceResult, ScanOrder } from './scan-order.ts';
import type { ScanWork } from './scan-task.ts';

/** Scans pieces, in this thread or in others. */
export interface PiecePool<Result> {
  /** Pieces that may be asked for before the first one is done. */
  readonly ahead: number;
  scan(order: ScanOrder): Promise<PieceResult<Result>>;
  close(): Promise<void>;
}

/** What a worker is sent. */
export interface PieceRequest {
  readonly id: number;
  readonly order: ScanOrder;
}

/** What it answers. */
export type PieceAnswer<Result> =
  | { readonly id: number; readonly piece: PieceResult<Result> }
  | { readonly id: number; readonly problem: string; readonly code: string | undefined };

/** A pool that reads in this thread, one piece after the other. */
export function createLocalPool<Data, Result>({ create, data }: ScanWork<Data, Result>): PiecePool<Result> {
  return { ahead: 1, scan: (order) => scanPiece(order, create(data)), close: async () => undefined };
}

interface Waiting<Result> {
  readonly resolve: (piece: PieceResult<Result>) => void;
  readonly reject: (error: Error) => void;
}

/** A pool of so many threads. Each has its share of the next pieces waiting, so that none is idle. */
export function createWorkerPool<Data, Result>(work: ScanWork<Data, Result>, threads: number): PiecePool<Result> {
  const { module, data } = work;
  const waiting = new Map<number, Waiting<Result>>();
  let failure: Error | undefined;
  const fail = (error: Error): void => {
    failure ??= error;
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  const workers = Array.from({ length: threads }, () => {
    const worker = new Worker(new URL('./scan-worker.js', import.meta.url), { workerData: { module, data } });
    worker.on('message', (answer: PieceAnswer<Result>) => {
      const asked = waiting.get(answer.id);
      waiting.delete(answer.id);
      if ('piece' in answer) asked?.resolve(answer.piece);
      else asked?.reject(Object.assign(new Error(answer.problem), { code: answer.code }));
    });
    worker.on('error', fail);
    worker.on('exit', () => fail(new Error('a thread that reads the log ended')));
    return worker;
  });
  let next = 0;
  return {
    ahead: threads * 2,
    scan(order) {
      const id = next;
      next += 1;
      return new Promise((resolve, reject) => {
        if (failure !== undefined) {
          reject(failure);
          return;
        }
        waiting.set(id, { resolve, reject });
        workers[id % threads]?.postMessage({ id, order } satisfies PieceRequest);
      });
    },
    async close() {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}
