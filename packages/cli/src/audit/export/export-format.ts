import type { AuditRecord } from '@sallyport/core';
import { printableJson } from '../../terminal/printable.ts';
import { beginsAttempt, endsAttempt } from '../record-facts.ts';
import { csvHeader, csvLine } from './csv.ts';
import { ocsfEvent } from './ocsf/ocsf-event.ts';

export const exportFormats = ['jsonl', 'csv', 'ocsf'] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** Turns the records of one log, in their order, into the text of a format. */
export interface ExportWriter {
  /** File name for this format. */
  readonly file: string;
  readonly header: string;
  /** The text for the next record; empty when it has none, or not yet. */
  see(record: AuditRecord): string;
  /** What is still held back. */
  finish(): string;
}

export function createExportWriter(format: ExportFormat): ExportWriter {
  switch (format) {
    case 'jsonl':
      return { file: 'audit.jsonl', header: '', see: (record) => `${printableJson(record)}\n`, finish: () => '' };
    case 'csv':
      return { file: 'audit.csv', header: csvHeader, see: csvLine, finish: () => '' };
    case 'ocsf':
      return ocsfWriter();
  }
}

/** One event for one call: the decision waits for the outcome. Memory is bounded by the calls that are open at a time. */
function ocsfWriter(): ExportWriter {
  const open = new Map<string, AuditRecord>();
  const lineOf = (record: AuditRecord, end?: AuditRecord): string => {
    const event = ocsfEvent(record, end);
    return event === undefined ? '' : `${printableJson(event)}\n`;
  };
  return {
    file: 'audit.ocsf.jsonl',
    header: '',
    see(record) {
      const key = `${record.stream} ${record.call ?? ''}`;
      if (beginsAttempt(record)) {
        open.set(key, record);
        return '';
      }
      if (!endsAttempt(record)) return lineOf(record);
      const begun = open.get(key);
      open.delete(key);
      return begun === undefined ? '' : lineOf(begun, record);
    },
    finish() {
      const lines = [...open.values()].map((record) => lineOf(record));
      open.clear();
      return lines.join('');
    },
  };
}
