import { dirname } from 'node:path';
import { logEvent, type OperationalLogger } from '@sallyport/core';
import { errorText } from '../log/error-code.ts';
import { writeCursor } from './export-cursor.ts';
import type { ExportFiles } from './export-files.ts';

export interface ExportStateOptions {
  readonly files: ExportFiles;
  readonly stream: string;
  readonly name: string;
  readonly log: OperationalLogger;
  /** Rejects when another process exports the stream now. */
  readonly mayWrite: () => Promise<void> | undefined;
  /** Milliseconds between two writes of the cursor while there is more to send. */
  readonly saveMs: number;
}

/**
 * How far a receiver has acknowledged, in memory and in the cursor file.
 *
 * The file may be behind, never ahead: after a crash records are sent again. A cursor that can not be written stops nothing,
 * because the disk that is full may be the reason why records should leave.
 */
export class ExportState {
  readonly #options: ExportStateOptions;
  #seq: number;
  #saved: number | undefined;
  #savedAtMs = 0;
  #failing = false;
  #segment: string | null = null;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(options: ExportStateOptions, seq: number, saved: number | undefined) {
    this.#options = options;
    this.#seq = seq;
    this.#saved = saved;
  }

  /** The first record that is not acknowledged. */
  get seq(): number {
    return this.#seq;
  }

  /** Everything below `seq` is acknowledged or kept as a dead letter. It is on disk `saveMs` later, whatever the export waits for. */
  async advance(seq: number, segment: string | null): Promise<void> {
    this.#seq = seq;
    this.#segment = segment;
    const waitMs = this.#savedAtMs + this.#options.saveMs - performance.now();
    if (waitMs <= 0) return this.save(segment);
    // A lock that is lost is met again by the next record.
    this.#timer ??= setTimeout(() => void this.save(this.#segment).catch(() => undefined), waitMs).unref();
  }

  /** Makes the cursor durable, if it has moved. Nothing is written after it unless something is acknowledged. */
  async save(segment: string | null): Promise<void> {
    this.#segment = segment;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const written = this.#writing.then(() => this.#write());
    this.#writing = written.catch(() => undefined);
    return written;
  }

  async #write(): Promise<void> {
    const { files, stream, name, log, mayWrite } = this.#options;
    const seq = this.#seq;
    if (seq === this.#saved) return;
    await mayWrite();
    try {
      await writeCursor(files.cursor, { stream, seq, segment: this.#segment });
      this.#saved = seq;
      this.#savedAtMs = performance.now();
      if (this.#failing) logEvent(log, 'sallyport.audit.export.cursor_recovered', { stream, export: name });
      this.#failing = false;
    } catch (error) {
      if (this.#failing) return;
      this.#failing = true;
      const facts = { stream, export: name, directory: dirname(files.cursor), error: errorText(error) };
      logEvent(log, 'sallyport.audit.export.cursor_unwritable', facts);
    }
  }
}
