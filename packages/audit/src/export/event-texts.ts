import { setImmediate } from 'node:timers/promises';
import { cefLine } from '../format/cef/cef-line.ts';
import { ecsEvent } from '../format/ecs/ecs-event.ts';
import { ocsfEvent } from '../format/ocsf/ocsf-event.ts';
import type { ExportedRecord } from './export-sink.ts';

/** `json`: the record as the line that it is in the log, byte for byte. The others: an event of its own for each record. */
export type EventFormat = 'json' | 'ocsf' | 'ecs' | 'cef';

/** Records that are turned into text at once; more would hold the event loop. */
const chunkRecords = 16;

/** The texts of records in a format, in their order, in UTF-8. */
export async function eventTexts(records: readonly ExportedRecord[], format: EventFormat): Promise<readonly Buffer[]> {
  if (format === 'json') return records.map(({ line }) => line);
  const texts: Buffer[] = [];
  for (const [index, { record }] of records.entries()) {
    if (index > 0 && index % chunkRecords === 0) await setImmediate();
    texts.push(Buffer.from(textOf(record, format)));
  }
  return texts;
}

function textOf(record: ExportedRecord['record'], format: Exclude<EventFormat, 'json'>): string {
  switch (format) {
    case 'ocsf':
      return JSON.stringify(ocsfEvent(record));
    case 'ecs':
      return JSON.stringify(ecsEvent(record));
    case 'cef':
      return cefLine(record);
  }
}
