import { cefLine, ecsEvent, ocsfEvent } from '@sallyport/audit';
import { closingKey, openingKey, type AuditRecord } from '@sallyport/core';
import { printableJson } from '../../terminal/printable.ts';
import { csvHeader, csvLine } from './csv.ts';
import type { TextFormat } from './export-format.ts';

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

export function createExportWriter(format: TextFormat): ExportWriter {
  switch (format) {
    case 'jsonl':
      return { file: 'audit.jsonl', header: '', see: (record) => `${printableJson(record)}\n`, finish: () => '' };
    case 'csv':
      return { file: 'audit.csv', header: csvHeader, see: csvLine, finish: () => '' };
    case 'ocsf':
      return eventWriter('audit.ocsf.jsonl', (record, end) => printableJson(ocsfEvent(record, end)));
    case 'ecs':
      return eventWriter('audit.ecs.jsonl', (record, end) => printableJson(ecsEvent(record, end)));
    case 'cef':
      return eventWriter('audit.cef', cefLine);
  }
}

/** One event for one call, and one for its stream: the decision waits for the outcome. Memory is bounded by the calls that are open at a time. */
function eventWriter(file: string, textOf: (record: AuditRecord, end?: AuditRecord) => string): ExportWriter {
  const open = new Map<string, AuditRecord>();
  const lineOf = (record: AuditRecord, end?: AuditRecord): string => `${textOf(record, end)}\n`;
  return {
    file,
    header: '',
    see(record) {
      const opened = openingKey(record);
      const key = `${record.stream} ${opened ?? closingKey(record) ?? ''}`;
      const begun = open.get(key);
      open.delete(key);
      if (opened === undefined) return begun === undefined ? lineOf(record) : lineOf(begun, record);
      open.set(key, record);
      // No writer begins a call twice; whoever changed the file may have.
      return begun === undefined ? '' : lineOf(begun);
    },
    finish() {
      const lines = [...open.values()].map((record) => lineOf(record));
      open.clear();
      return lines.join('');
    },
  };
}
