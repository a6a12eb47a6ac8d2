import type { AuditRecord } from '@sallyport/core';
import { recordColumns, type ColumnValue } from './record-columns.ts';
import { partsOf } from './record-parts.ts';

/** Bytes of the longest line: of one without and of one with the whole record. DuckDB holds a few of this size for each thread. */
const maxLineBytes = { plain: 2 * 1024 * 1024, withRecord: 4 * 1024 * 1024 };

/** Between values, around those that must be quoted, and behind each entry of a list: characters that stand in hardly any text. */
export const delimiter = '\u001f';
export const quote = '\u001d';
export const entryEnd = '\u001e';

/**
 * How rows go to DuckDB: text of which every value comes back as it was. Nothing between two delimiters is `NULL`, two quotes are the
 * empty string; what must be is quoted, with quotes doubled.
 */
export function csvFormat(withRecord: boolean): string {
  const line = withRecord ? maxLineBytes.withRecord : maxLineBytes.plain;
  return `header = false, auto_detect = false, delim = '${delimiter}', quote = '${quote}', escape = '${quote}', nullstr = '',
    allow_quoted_nulls = false, new_line = '\\n', strict_mode = true, max_line_size = ${line}, buffer_size = ${4 * line}`;
}

/** A writer writes no text, list or record that is nearly as long; who changed a log may have. */
export const maxTextLength = 16_384;
export const maxListLength = 40_960;
const maxRecordLength = 524_288;
const special = ['\u0000', '\n', '\r', quote, delimiter];

/** A record as one line. `json`: its line in the log, for a last column; of a record beyond 524,288 characters that is `NULL`. */
export function csvRow(record: AuditRecord, json?: string): string {
  const parts = partsOf(record);
  let row = '';
  for (const column of recordColumns) row += `${field(column.value(parts))}${delimiter}`;
  return json === undefined ? `${row.slice(0, -1)}\n` : `${row}${json.length > maxRecordLength ? '' : json}\n`;
}

function field(value: ColumnValue | undefined): string {
  if (typeof value === 'string') return textField(value);
  if (typeof value === 'object') {
    let entries = '';
    for (const entry of value) {
      entries += `${entry.replaceAll(entryEnd, ' ')}${entryEnd}`;
      if (entries.length > maxListLength) break;
    }
    return listField(entries);
  }
  return value === undefined ? '' : String(value);
}

function listField(entries: string): string {
  if (entries.length <= maxListLength) return textField(entries, maxListLength);
  // The last one may be long.
  return textField(`${entries.slice(0, maxListLength)}…${entryEnd}`, maxListLength + 2);
}

function textField(value: string, most: number = maxTextLength): string {
  if (value.length <= most && value !== '' && !special.some((character) => value.includes(character))) return value;
  const cut = value.length > most ? `${value.slice(0, most)}…` : value;
  // DuckDB takes no zero byte in CSV.
  return quoted(cut.replaceAll('\u0000', '\ufffd'));
}

function quoted(value: string): string {
  return `${quote}${value.replaceAll(quote, quote + quote)}${quote}`;
}
