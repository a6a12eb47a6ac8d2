import { type AuditRecord, valueAt } from '@sallyport/core';
import { describeEvent } from './describe-event.ts';
import { Newest } from './newest.ts';
import type { EventRow, ReportFigures } from './report-figures.ts';

type Topic = 'operation' | 'revocations' | 'gaps' | 'readings';

const topics: ReadonlyMap<string, Topic> = new Map([
  ['config.loaded', 'operation'],
  ['audit.started', 'operation'],
  ['audit.stopped', 'operation'],
  ['audit.rotated', 'operation'],
  ['audit.key_rotated', 'operation'],
  ['token.revoked', 'revocations'],
  ['audit.gap', 'gaps'],
  ['audit.read', 'readings'],
  ['audit.exported', 'readings'],
]);

const maxEvents = 50;

/** Keeps the records that are about the server and its log, not about a call. */
export class EventLists {
  readonly #lists: Readonly<Record<Topic, Newest<EventRow>>> = {
    operation: new Newest(maxEvents),
    revocations: new Newest(maxEvents),
    gaps: new Newest(maxEvents),
    readings: new Newest(maxEvents),
  };
  #lost = 0;
  #rotations = 0;
  #openReadings = 0;
  #observeStarts = 0;

  see(record: AuditRecord): void {
    const topic = topics.get(record.type);
    if (topic === undefined) return;
    if (record.type === 'audit.rotated' && !isNotable(record)) {
      this.#rotations += 1;
      return;
    }
    if (topic === 'gaps') this.#lost += countAt(record);
    if (record.type === 'config.loaded' && valueAt(record, 'detail', 'enforcement') === 'observe') {
      this.#observeStarts += 1;
    }
    if (topic === 'readings') {
      // The end of a reading repeats its beginning, and says more.
      const begins = valueAt(record, 'detail', 'state') === 'begun';
      this.#openReadings += begins ? 1 : -1;
      if (begins) return;
    }
    const { at, type, stream, seq } = record;
    this.#lists[topic].see({ at, type, stream, seq, what: describeEvent(record) });
  }

  get observeStarts(): number {
    return this.#observeStarts;
  }

  finish(): ReportFigures['events'] {
    const { operation, revocations, gaps, readings } = this.#lists;
    return {
      operation: operation.finish(),
      revocations: revocations.finish(),
      gaps: gaps.finish(),
      readings: readings.finish(),
      rotations: this.#rotations,
      lost: this.#lost,
      unfinishedReadings: Math.max(0, this.#openReadings),
    };
  }
}

/** A new file because the old one was full or old enough is nothing an administrator did. */
function isNotable(record: AuditRecord): boolean {
  const reason = valueAt(record, 'detail', 'reason');
  return reason === 'retention' || reason === 'write_failed';
}

function countAt(record: AuditRecord): number {
  const count = valueAt(record, 'detail', 'count');
  return typeof count === 'number' && count > 0 ? count : 0;
}
