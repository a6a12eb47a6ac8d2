import type { AuditRecord } from '@sallyport/core';
import { readAuditLog, type ReadFinding } from '../../src/index.ts';

/** Everything that stands in a directory. */
export async function readAll(
  directory: string,
  stream?: string,
): Promise<{ records: AuditRecord[]; findings: ReadFinding[] }> {
  const records: AuditRecord[] = [];
  const findings: ReadFinding[] = [];
  for await (const item of readAuditLog(directory, stream === undefined ? {} : { stream })) {
    if (item.kind === 'record') records.push(item.record);
    else findings.push(item);
  }
  return { records, findings };
}

export function typesOf(records: readonly AuditRecord[]): string[] {
  return records.map((record) => record.type);
}
