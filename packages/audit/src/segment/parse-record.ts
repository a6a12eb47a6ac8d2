import { isUtf8 } from 'node:buffer';
import { isJsonObject, member, type AuditRecord } from '@sallyport/core';

/** A line is a record, or there is a reason why it is not. */
export type ParsedLine = { readonly record: AuditRecord } | { readonly problem: string };

/** No log comes near it. Above it, numbers that could still be counted on from would run out. */
const maxSeq: number = 2 ** 52;

const digits = /^[0-9]{1,20}$/;

/**
 * Reads one line as a record of format version 1. Checks what order, identity and time rest on; the rest of a record may hold
 * members of a later writer.
 */
export function parseRecord(bytes: Buffer): ParsedLine {
  if (bytes.length === 0) return { problem: 'the line is empty' };
  if (!isUtf8(bytes)) return { problem: 'the line is not UTF-8' };
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch {
    return { problem: 'the line is not JSON' };
  }
  if (!isJsonObject(value)) return { problem: 'the line is not a JSON object' };
  if (member(value, 'v') !== 1) return { problem: 'the record is not of format version 1' };
  for (const name of ['id', 'type', 'at', 'boot', 'stream']) {
    const text = member(value, name);
    if (typeof text !== 'string' || text === '') return { problem: `the record has no ${name}` };
  }
  const seq = member(value, 'seq');
  if (typeof seq !== 'number' || !Number.isSafeInteger(seq) || seq < 0 || seq > maxSeq)
    return { problem: 'the record has no sequence number' };
  const monoNs = member(value, 'monoNs');
  if (typeof monoNs !== 'string' || !digits.test(monoNs)) return { problem: 'the record has no monotonic time' };
  return { record: value as unknown as AuditRecord };
}
