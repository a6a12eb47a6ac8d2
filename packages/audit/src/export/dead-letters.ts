import { constants } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Clock } from '@sallyport/core';
import { openRegular } from '../files/open-regular.ts';
import { syncDirectory } from '../segment/sync-directory.ts';
import type { ExportedRecord } from './export-sink.ts';

const flags = constants.O_RDWR | constants.O_CREAT | constants.O_APPEND;

/**
 * Keeps a record that its receiver will never take: one JSON line with the reason and the record, durable when it resolves. The
 * record stays in the log as well. After a crash in between it may stand here twice, with the same `id`.
 */
export async function keepDeadLetter(path: string, item: ExportedRecord, problem: string, clock: Clock): Promise<void> {
  const { id, stream } = item.record;
  const facts = JSON.stringify({ v: 1, at: new Date(clock.now()).toISOString(), stream, seq: item.seq, id, problem });
  const line = `${facts.slice(0, -1)},"record":${item.line.toString('utf8')}}\n`;
  const handle = await openRegular(path, flags, 0o600);
  try {
    const { size } = await handle.stat();
    // A line that a crash left unfinished must not swallow this one.
    await handle.appendFile(size > 0 && !(await endsLine(handle, size)) ? `\n${line}` : line);
    await handle.sync();
    if (size === 0) await syncDirectory(dirname(path));
  } finally {
    await handle.close();
  }
}

async function endsLine(handle: FileHandle, size: number): Promise<boolean> {
  const last = Buffer.alloc(1);
  await handle.read(last, 0, 1, size - 1);
  return last[0] === 0x0a;
}
