import type { AuditEntry } from '@sallyport/core';
import type { Pending } from '../segment/commit-hooks.ts';
import type { RecordLine } from '../segment/record-line.ts';
import type { CopyWriter } from './copy-writer.ts';
import type { WaitingAppend } from './waiting-append.ts';

/** A record on its way to the disk, and what follows when it is durable or lost. */
export interface Item extends Pending {
  readonly entry: AuditEntry;
  durable(): void;
  lost(error: unknown): void;
  /** Whoever waits for it should wait no longer. */
  giveUp(cause: unknown): void;
}

/** What a caller waits for, in one copy. A class and no closures: there is one for every record. */
export class AppendItem implements Item {
  readonly entry: AuditEntry;
  readonly line: RecordLine;
  readonly #copy: CopyWriter;
  readonly #append: WaitingAppend;

  constructor(copy: CopyWriter, append: WaitingAppend) {
    this.entry = append.entry;
    this.line = append.line;
    this.#copy = copy;
    this.#append = append;
  }

  durable(): void {
    this.#append.durable(this.#copy);
  }

  lost(error: unknown): void {
    this.#append.lost(this.#copy, error);
  }

  giveUp(cause: unknown): void {
    this.#append.giveUp(cause);
  }
}
