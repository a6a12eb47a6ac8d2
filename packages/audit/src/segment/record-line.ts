import type { AuditRecord } from '@sallyport/core';

/**
 * A record as JSON, open at the place of its sequence number. The number is known only when the record is written: a record that
 * was never acknowledged must not leave a hole.
 */
export interface RecordLine {
  readonly head: string;
  readonly tail: string;
}

/** What JSON leaves as it is and line readers or terminals do not: DEL, the C1 controls (NEL, CSI), U+2028 and U+2029. */
const unsafe = /[\u007f-\u009f\u2028\u2029]/;
const everyUnsafe = /[\u007f-\u009f\u2028\u2029]/g;
const seqKey = ',"seq":';

/** Serializes a record. The members before `seq` hold no objects, so the first key of that name is the record's own. */
export function packRecord(record: AuditRecord): RecordLine {
  const json = JSON.stringify(record);
  const safe = isPlain(json) || !unsafe.test(json) ? json : json.replace(everyUnsafe, escape);
  const at = safe.indexOf(seqKey) + seqKey.length;
  return { head: safe.slice(0, at), tail: safe.slice(at + String(record.seq).length) };
}

/** ASCII without DEL, as nearly all records are: seen several times faster than an expression finds nothing. */
function isPlain(json: string): boolean {
  return Buffer.byteLength(json) === json.length && !json.includes('\u007f');
}

/** The finished line, with its line feed. */
export function finishLine(line: RecordLine, seq: number): string {
  return `${line.head}${seq}${line.tail}\n`;
}

function escape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
