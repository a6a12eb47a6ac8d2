import type { AuditRecord } from '@sallyport/core';

/** A record of the log, on its way out. */
export interface ExportedRecord {
  readonly seq: number;
  /** The line without its line feed, byte for byte as it is on disk. */
  readonly line: Buffer;
  readonly record: AuditRecord;
}

/** Consecutive records of one stream. */
export interface ExportBatch {
  readonly stream: string;
  /** Set for records that are in the mirror alone. */
  readonly copy?: 'mirror';
  /** In the order of the log; never empty. */
  readonly records: readonly ExportedRecord[];
}

/**
 * What became of a batch.
 *
 * - `accepted`: the receiver has every record. Only this moves the cursor.
 * - `retry`: it could not be sent now. The same records are sent again, without end. `cut`: the connection was cut while it was sent, as
 *   some do with what is too large for them.
 * - `misconfigured`: it can not be sent until somebody changes something. Said loudly, sent again slowly.
 * - `refused`: the receiver will not have the batch as it is, because of a record in it or for its size. It is halved until the
 *   record that is the cause is alone; that one goes to the dead letters.
 */
export type SendResult =
  | { readonly kind: 'accepted'; readonly warning?: string }
  | { readonly kind: 'retry'; readonly problem: string; readonly retryAfterMs?: number; readonly cut?: true }
  | { readonly kind: 'misconfigured'; readonly problem: string }
  | { readonly kind: 'refused'; readonly problem: string; readonly tooLarge?: boolean };

/**
 * Where records go besides the log.
 *
 * `send` is called for one batch of a stream at a time. The same records may come again, whole or in another batch, also after a
 * restart; they carry the same `id`. It must settle soon after `signal` is aborted. A rejection counts as `retry`.
 */
export interface ExportSink {
  send(batch: ExportBatch, signal: AbortSignal): Promise<SendResult>;
  /** Releases connections; nothing is sent afterwards. */
  close?(): void | Promise<void>;
}
