import { constants } from 'node:os';

/** Tells work that the process must end before the work is done, and lets it end in order. */
export interface Interruption {
  /** Aborted with an `Interrupted`. */
  readonly signal: AbortSignal;
  /** The process waits a few seconds for this. */
  readonly hold: (work: Promise<unknown>) => void;
}

/** What work is rejected with that was interrupted: nobody is to be told. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Work that hangs does not keep who pressed Ctrl+C. */
const patienceMs = 5000;

/**
 * Ends this process in order when it is told to end, and when the reader of what it writes closed the pipe, as `head` does when it has
 * seen enough. That is no error: the exit code is then 0. After a signal the process ends as it would have without this: by the signal.
 */
export function createInterruption(): Interruption {
  const controller = new AbortController();
  const held: Promise<unknown>[] = [];
  const end = async (exit: () => void): Promise<void> => {
    if (controller.signal.aborted) return;
    controller.abort(new Interrupted('the command was interrupted'));
    setTimeout(exit, patienceMs);
    await Promise.allSettled(held);
    exit();
  };
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      void end(() => process.exit());
    });
  }
  for (const signal of signals) process.on(signal, () => void end(() => exitBy(signal)));
  return { signal: controller.signal, hold: (work) => void held.push(work) };
}

/** By the signal, after what is removed at the exit. Where there are no signals the exit code says the same. */
function exitBy(signal: (typeof signals)[number]): void {
  process.once('exit', () => {
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
  process.exit(128 + constants.signals[signal]);
}

/** Runs work, and rejects with the `Interrupted` as soon as there is one. */
export async function orInterrupted<Result>(
  interruption: Interruption | undefined,
  run: () => Promise<Result>,
): Promise<Result> {
  if (interruption === undefined) return run();
  const { signal } = interruption;
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason as Interrupted);
    signal.addEventListener('abort', stop, { once: true });
    run()
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', stop));
  });
}
