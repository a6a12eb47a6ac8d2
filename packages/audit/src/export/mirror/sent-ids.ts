import type { ExportBatch, ExportSink } from '../export-sink.ts';

/** More are forgotten, the oldest first; what is forgotten is sent twice. */
const maxIds = 65_536;

/** The ids of records that a receiver got from the log, so that it need not get them from the mirror too. */
export class SentIds {
  readonly #ids: Set<string> = new Set();

  add(id: string): void {
    this.#ids.add(id);
    if (this.#ids.size <= maxIds) return;
    const [oldest] = this.#ids;
    if (oldest !== undefined) this.#ids.delete(oldest);
  }

  has(id: string): boolean {
    return this.#ids.has(id);
  }
}

/** A sink that remembers what it sent. */
export function remembering(sink: ExportSink, ids: SentIds): ExportSink {
  return {
    async send(batch, signal) {
      const result = await sink.send(batch, signal);
      if (result.kind === 'accepted') for (const { record } of batch.records) ids.add(record.id);
      return result;
    },
  };
}

/** A sink that sends only what is not remembered, and says that it comes from the mirror. */
export function onlyUnknown(sink: ExportSink, ids: SentIds): ExportSink {
  return {
    async send(batch, signal) {
      const records = batch.records.filter(({ record }) => !ids.has(record.id));
      if (records.length === 0) return { kind: 'accepted' };
      const unknown: ExportBatch = { ...batch, records, copy: 'mirror' };
      return sink.send(unknown, signal);
    },
  };
}
