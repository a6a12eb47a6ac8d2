import type { AuditMode } from '@sallyport/core';
import type { CopyStore } from './copy-store.ts';
import type { CopyName } from './copy-writer.ts';

/** A copy of the log, before its first segment. */
export interface UnopenedCopy {
  readonly name: CopyName;
  readonly directory: string;
  readonly store: CopyStore;
}

export interface StartedCopy extends UnopenedCopy {
  /** Why it is not open. */
  readonly failure?: { readonly error: unknown };
}

/**
 * Opens the copies of a log. In mode `at-least-one` one of them is enough to start; the other one is opened as soon as it can be.
 * Otherwise all must open, and those that did are closed again.
 */
export async function openCopies(copies: readonly UnopenedCopy[], mode: AuditMode): Promise<StartedCopy[]> {
  const started: StartedCopy[] = [];
  for (const copy of copies) {
    try {
      await copy.store.open();
      started.push(copy);
    } catch (error) {
      if (mode !== 'at-least-one' || copies.length === 1) {
        await closeAll(started);
        throw error;
      }
      started.push({ ...copy, failure: { error } });
    }
  }
  const failure = started.every((copy) => copy.failure !== undefined) ? started[0]?.failure : undefined;
  if (failure !== undefined) throw failure.error;
  return started;
}

async function closeAll(copies: readonly StartedCopy[]): Promise<void> {
  for (const { store } of copies) {
    await store.close();
    await store.release();
  }
}
