import { Refusal, type AuditEntry } from '@sallyport/core';
import type { RecordLine } from '../segment/record-line.ts';
import type { CopyWriter } from './copy-writer.ts';

export interface WaitingAppendOptions {
  readonly entry: AuditEntry;
  readonly line: RecordLine;
  /** False in mode `available`: the caller goes on whatever becomes of the record. */
  readonly strict: boolean;
  /** In how many copies the record must be durable. */
  readonly needed: number;
  /** How many facts are lost when this entry is. */
  readonly weight: number;
  readonly copies: number;
  readonly resolve: () => void;
  readonly reject: (refusal: Refusal) => void;
  /** Every copy has said what became of the record. */
  readonly onSettled: (append: WaitingAppend) => void;
}

const retryAfterSeconds = 5;

/** What one caller waits for: its record, in as many copies as its mode asks for. */
export class WaitingAppend {
  readonly entry: AuditEntry;
  readonly line: RecordLine;
  readonly strict: boolean;
  readonly weight: number;
  readonly #options: WaitingAppendOptions;
  #left: number;
  #told = false;
  #refused = false;
  /** Copies in which the record is durable. */
  readonly held: CopyWriter[] = [];
  /** Copies that lost it. */
  readonly missed: CopyWriter[] = [];

  constructor(options: WaitingAppendOptions) {
    this.#options = options;
    this.entry = options.entry;
    this.line = options.line;
    this.strict = options.strict;
    this.weight = options.weight;
    this.#left = options.copies;
  }

  /** True when the caller was told that its record is not durable. */
  get refused(): boolean {
    return this.#refused;
  }

  durable(copy: CopyWriter): void {
    this.held.push(copy);
    this.#left -= 1;
    if (!this.#told && this.held.length >= this.#options.needed) {
      this.#told = true;
      this.#options.resolve();
    }
    if (this.#left === 0) this.#options.onSettled(this);
  }

  lost(copy: CopyWriter, cause: unknown): void {
    this.missed.push(copy);
    this.#left -= 1;
    if (this.held.length + this.#left < this.#options.needed) this.giveUp(cause);
    if (this.#left === 0) this.#options.onSettled(this);
  }

  /** The caller waits no longer, whatever becomes of the record. */
  giveUp(cause: unknown, seconds: number = retryAfterSeconds): void {
    if (this.#told) return;
    this.#told = true;
    if (this.strict) {
      this.#refused = true;
      this.#options.reject(new Refusal('audit_unavailable', { retryAfterSeconds: seconds, cause }));
    } else {
      this.#options.resolve();
    }
  }
}
